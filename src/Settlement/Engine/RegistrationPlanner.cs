using Masumi.Cardano.Metadata;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Registry.Common;
using Masumi.Protocol;

namespace Masumi.Settlement;

/// <summary>Mints and burns agents' registry tokens (spec registry.md 9, 12).</summary>
internal sealed class RegistrationPlanner(SettlementStore store, ScriptCatalog scripts, Dispatcher dispatcher)
{
    public async Task RunAsync(IReadOnlyDictionary<string, PaymentSource> sources, PlanningRound round, CancellationToken cancellation)
    {
        var waiting = (await store.ListRegistrationsAsync(cancellation))
            .Where(r => r.State is RegistrationState.RegistrationRequested or RegistrationState.DeregistrationRequested)
            .Where(r => (r.Error is null || round.NewBlock) && sources.ContainsKey(r.SourceId))
            .OrderBy(r => r.CreatedAt)
            .ToList();
        if (waiting.Count == 0)
        {
            return;
        }

        var wallets = await store.ListWalletsAsync(cancellation);
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
                    : await DeregisterAsync(registration, source, wallet, round, cancellation);
            if (failure is not null)
            {
                await store.ChangeRegistrationAsync(registration.Id, r => r.Error == failure.Note ? null : r with { Error = failure.Note }, cancellation);
            }
        }
    }

    private async Task<CommitFailure?> RegisterAsync(
        Registration registration,
        PaymentSource source,
        HotWallet wallet,
        HotWallet recipient,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var coins = await dispatcher.CoinsAsync(wallet, cancellation);
        if (coins.IsEmpty)
        {
            return new CommitFailure(ErrorType.InsufficientFunds, "Not enough funds in wallets: the selling wallet is empty");
        }

        if (AgentMetadataReader.Read(Metadatum.FromCbor(Convert.FromHexString(registration.Entry))) is not MetadataReading.Agent { Metadata: var metadata })
        {
            return new CommitFailure(ErrorType.Unknown, "The stored metadata cannot be read.");
        }

        var script = await scripts.PolicyAsync(source, round.Tip, cancellation);
        var transactions = new RegistryTransactions(source.Family, source.PolicyId, script.Attached, round.Parameters, round.Slots);
        var replacement = await dispatcher.ReplaceAsync(wallet, [registration.Id], "Register", coins, round, cancellation);
        if (replacement is Replacement.NotYet wait)
        {
            return new CommitFailure(ErrorType.Unknown, $"Waiting: {wait.Attempt} could still reach the chain; required: slot {wait.DeadAfter} has passed");
        }

        var seed = ((Replacement.Spending)replacement).Inputs.FirstOrDefault() ?? coins.MaxBy(c => c.Output.Value.Coin)!;
        var pieces = transactions.Register([new NewAgent(metadata, recipient.Address, registration.Funding ?? default)], seed, wallet.KeyHash, round.Now);
        var agent = pieces.Agents[0];
        await store.ChangeRegistrationAsync(registration.Id, r => r with { AgentIdentifier = agent, Error = null }, cancellation);
        return await dispatcher.CommitAsync(
            "RegisterAgent",
            source,
            wallet,
            pieces.AddTo(dispatcher.PlanFor(wallet, coins) with { ReferenceInputs = script.ReferenceInputs }),
            [new AttemptSubject(registration.Id, "Register")],
            d => d,
            round,
            cancellation
        );
    }

    private async Task<CommitFailure?> DeregisterAsync(
        Registration registration,
        PaymentSource source,
        HotWallet wallet,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var coins = await dispatcher.CoinsAsync(wallet, cancellation);
        var agent = registration.AgentIdentifier!;
        var token = coins.FirstOrDefault(c => c.Output.Value[agent.ToAsset()] > 0);
        if (token is null)
        {
            return new CommitFailure(ErrorType.Unknown, "The wallet does not hold the agent's token.");
        }

        var script = await scripts.PolicyAsync(source, round.Tip, cancellation);
        var transactions = new RegistryTransactions(source.Family, source.PolicyId, script.Attached, round.Parameters, round.Slots);
        var pieces = transactions.Deregister([(agent, token)], wallet.KeyHash, round.Now);
        return await dispatcher.CommitAsync(
            "DeregisterAgent",
            source,
            wallet,
            pieces.AddTo(dispatcher.PlanFor(wallet, coins) with { ReferenceInputs = script.ReferenceInputs }),
            [new AttemptSubject(registration.Id, "Deregister")],
            d => d,
            round,
            cancellation
        );
    }
}
