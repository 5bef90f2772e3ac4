using Masumi.Cardano;
using Masumi.Contracts.Registry;

namespace Masumi.Settlement;

/// <summary>Mints and burns agents' registry tokens (spec registry.md 9, 12).</summary>
internal sealed class RegistrationPlanner(SettlementStore store, ScriptCatalog scripts, WalletRoom keys, Planner planner)
{
    public async Task RunAsync(IReadOnlyDictionary<string, PaymentSource> sources, PlanningRound round, CancellationToken cancellation)
    {
        var waiting = (await store.ListRegistrationsAsync(cancellation).ConfigureAwait(false))
            .Where(r => r.State is RegistrationState.RegistrationRequested or RegistrationState.DeregistrationRequested)
            .Where(r => (r.Error is null || round.NewBlock) && sources.ContainsKey(r.SourceId))
            .OrderBy(r => r.CreatedAt)
            .ToList();
        if (waiting.Count == 0)
        {
            return;
        }

        var wallets = await store.ListWalletsAsync(cancellation).ConfigureAwait(false);
        foreach (var registration in waiting)
        {
            var source = sources[registration.SourceId];
            var wallet = wallets.Single(w => w.Id == registration.WalletId);
            var failure =
                registration.State == RegistrationState.RegistrationRequested
                    ? await RegisterAsync(
                            registration,
                            source,
                            wallet,
                            wallets.FirstOrDefault(w => w.Id == registration.RecipientWalletId) ?? wallet,
                            round,
                            cancellation
                        )
                        .ConfigureAwait(false)
                    : await DeregisterAsync(registration, source, wallet, round, cancellation).ConfigureAwait(false);
            if (failure is not null)
            {
                await store
                    .ChangeRegistrationAsync(registration.Id, r => r.Error == failure ? null : r with { Error = failure }, cancellation)
                    .ConfigureAwait(false);
            }
        }
    }

    private async Task<string?> RegisterAsync(
        Registration registration,
        PaymentSource source,
        HotWallet wallet,
        HotWallet recipient,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var coins = await planner.CoinsAsync(wallet, cancellation).ConfigureAwait(false);
        if (coins.IsEmpty)
        {
            return "Not enough funds in wallets: the selling wallet is empty";
        }

        if (AgentMetadataReader.Read(Metadatum.FromCbor(Convert.FromHexString(registration.Entry))) is not MetadataReading.Agent { Metadata: var metadata })
        {
            return "The stored metadata cannot be read.";
        }

        var script = await scripts.PolicyAsync(source, cancellation).ConfigureAwait(false);
        var transactions = new RegistryTransactions(source.Family, source.PolicyId, script, round.Parameters, round.Slots);
        var seed = coins.MaxBy(c => c.Output.Value.Coin)!;
        var pieces = transactions.Register([new NewAgent(metadata, recipient.Address, registration.Funding ?? default)], seed, wallet.KeyHash, round.Now);
        var agent = pieces.Agents[0].Asset;
        await store.ChangeRegistrationAsync(registration.Id, r => r with { AgentIdentifier = agent, Error = null }, cancellation).ConfigureAwait(false);
        return await planner
            .CommitAsync(
                "RegisterAgent",
                source,
                wallet,
                pieces.AddTo(Plan(wallet, coins)),
                [new IntentSubject(registration.Id, "Register")],
                d => d,
                round,
                cancellation
            )
            .ConfigureAwait(false);
    }

    private async Task<string?> DeregisterAsync(
        Registration registration,
        PaymentSource source,
        HotWallet wallet,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var coins = await planner.CoinsAsync(wallet, cancellation).ConfigureAwait(false);
        var agent = registration.AgentIdentifier!.Value;
        var token = coins.FirstOrDefault(c => c.Output.Value[agent] > 0);
        if (token is null)
        {
            return "The wallet does not hold the agent's token.";
        }

        var script = await scripts.PolicyAsync(source, cancellation).ConfigureAwait(false);
        var transactions = new RegistryTransactions(source.Family, source.PolicyId, script, round.Parameters, round.Slots);
        var pieces = transactions.Deregister([(new AgentIdentifier(agent.Policy, agent.Name), token)], wallet.KeyHash, round.Now);
        return await planner
            .CommitAsync(
                "DeregisterAgent",
                source,
                wallet,
                pieces.AddTo(Plan(wallet, coins)),
                [new IntentSubject(registration.Id, "Deregister")],
                d => d,
                round,
                cancellation
            )
            .ConfigureAwait(false);
    }

    private TransactionPlan Plan(HotWallet wallet, System.Collections.Immutable.ImmutableArray<Utxo> coins) =>
        new()
        {
            Available = coins,
            ChangeAddress = wallet.Address,
            Signers = [keys.Open(wallet).Payment],
        };
}
