using System.Collections.Immutable;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Wallets;

namespace Masumi.Settlement.Engine;

/// <summary>The wallets of a registration's source.</summary>
/// <param name="Minting">Mints.</param>
/// <param name="Recipient">Holds the token then.</param>
/// <param name="Keepers">Those that may hold it now, the likeliest first: people move tokens.</param>
internal sealed record RegistrationWallets(HotWallet Minting, HotWallet Recipient, IReadOnlyList<HotWallet> Keepers)
{
    /// <summary>Those of a registration among all there are.</summary>
    public static RegistrationWallets Of(Registration registration, IReadOnlyList<HotWallet> wallets)
    {
        var minting = wallets.Single(w => w.Id == registration.WalletId);
        return new(
            minting,
            wallets.FirstOrDefault(w => w.Id == registration.RecipientWalletId) ?? minting,
            [
                .. wallets
                    .Where(w => w.SourceId == registration.SourceId && (w.DeletedAt is null || w.Id == registration.KeeperWalletId || w.Id == minting.Id))
                    .OrderByDescending(w => w.Id == registration.KeeperWalletId)
                    .ThenByDescending(w => w.Id == registration.RecipientWalletId)
                    .ThenByDescending(w => w.Id == minting.Id),
            ]
        );
    }
}

/// <summary>Mints, updates and burns agents' registry tokens (spec registry.md 9, 12).</summary>
internal sealed class RegistrationPlanner(ScriptCatalog scripts, Commits commits, WalletCoins coins)
{
    /// <summary>Makes what is due for one registration. Returns why not, or null.</summary>
    public Task<CommitFailure?> RunAsync(
        Registration registration,
        PaymentSource source,
        RegistrationWallets wallets,
        PlanningRound round,
        CancellationToken cancellation
    ) =>
        RegistrationMachine.Wanted(registration) switch
        {
            RegistrationMachine.Register => RegisterAsync(registration, source, wallets, round, cancellation),
            RegistrationMachine.Update => UpdateAsync(registration, source, wallets, round, cancellation),
            RegistrationMachine.Deregister => DeregisterAsync(registration, source, wallets, round, cancellation),
            _ => Task.FromResult<CommitFailure?>(null),
        };

    private async Task<CommitFailure?> RegisterAsync(
        Registration registration,
        PaymentSource source,
        RegistrationWallets wallets,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var wallet = wallets.Minting;
        var available = (await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation)).Spendable;
        if (available.IsEmpty)
        {
            coins.Doubt(wallet.Id);
            return new CommitFailure(TroubleKind.Funds, new MoneyShort("everything", $"{wallet.Address}").Note);
        }

        var script = await scripts.PolicyAsync(source, round.Tip, cancellation);
        var transactions = new RegistryTransactions(source.Family, source.PolicyId, script.Attached, round.Parameters, round.Slots);
        var exclusion = await commits.ExcludeAsync([registration.Id], RegistrationMachine.Register, available, round.Tip, cancellation);
        if (exclusion is Exclusion.NotYet wait)
        {
            return new CommitFailure(TroubleKind.Rival, $"{wait.Attempt} could still reach the chain; required: slot {wait.DeadAfter} has passed");
        }

        var spending = (Exclusion.Spending)exclusion;
        var seed = spending.Inputs.FirstOrDefault() ?? available.MaxBy(c => c.Output.Value.Coin)!;
        var pieces = transactions.Register([Token(registration, wallets)], seed, wallet.KeyHash, round.Now);
        var plan = pieces.AddTo(commits.PlanFor(wallet, available) with { ReferenceInputs = script.ReferenceInputs });
        var more = spending.Inputs.Where(u => plan.Inputs.All(i => i.Input != u.Input)).ToList();
        plan = plan with { Inputs = [.. plan.Inputs, .. more], Available = plan.Available.RemoveRange(more) };
        return await CommitAsync("RegisterAgent", RegistrationMachine.Register, registration, source, wallet, plan, spending, round, cancellation);
    }

    // Nothing of an earlier update has to be excluded: the token of a version is one, and every update of it burns it.
    private async Task<CommitFailure?> UpdateAsync(
        Registration registration,
        PaymentSource source,
        RegistrationWallets wallets,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var (agent, holder) = (registration.AgentIdentifier!, await HolderAsync(registration.AgentIdentifier!, wallets, round, cancellation));
        if (holder is not var (wallet, available, token))
        {
            return NotHeld(agent);
        }

        var script = await scripts.PolicyAsync(source, round.Tip, cancellation);
        var transactions = new RegistryTransactions(source.Family, source.PolicyId, script.Attached, round.Parameters, round.Slots);
        var pieces = transactions.Update([(agent, token, Token(registration, wallets))], wallet.KeyHash, round.Now);
        var plan = pieces.AddTo(commits.PlanFor(wallet, available) with { ReferenceInputs = script.ReferenceInputs });
        return await CommitAsync("UpdateAgent", RegistrationMachine.Update, registration, source, wallet, plan, NoRivals, round, cancellation);
    }

    private async Task<CommitFailure?> DeregisterAsync(
        Registration registration,
        PaymentSource source,
        RegistrationWallets wallets,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var (agent, holder) = (registration.AgentIdentifier!, await HolderAsync(registration.AgentIdentifier!, wallets, round, cancellation));
        if (holder is not var (wallet, available, token))
        {
            return NotHeld(agent);
        }

        var script = await scripts.PolicyAsync(source, round.Tip, cancellation);
        var transactions = new RegistryTransactions(source.Family, source.PolicyId, script.Attached, round.Parameters, round.Slots);
        var pieces = transactions.Deregister([(agent, token)], wallet.KeyHash, round.Now);
        var plan = pieces.AddTo(commits.PlanFor(wallet, available) with { ReferenceInputs = script.ReferenceInputs });
        return await CommitAsync("DeregisterAgent", RegistrationMachine.Deregister, registration, source, wallet, plan, NoRivals, round, cancellation);
    }

    private static Exclusion.Spending NoRivals { get; } = new([], []);

    private static NewAgent Token(Registration registration, RegistrationWallets wallets) =>
        new(Metadatum.FromCbor(Convert.FromHexString(registration.Entry)), wallets.Recipient.Address, registration.Funding ?? default);

    private static CommitFailure NotHeld(AgentIdentifier agent) => new(TroubleKind.Build, $"No wallet of this source holds the token {agent}.");

    private async Task<(HotWallet Wallet, ImmutableArray<Utxo> Available, Utxo Token)?> HolderAsync(
        AgentIdentifier agent,
        RegistrationWallets wallets,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        foreach (var wallet in wallets.Keepers)
        {
            var available = (await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation)).Spendable;
            if (available.FirstOrDefault(c => c.Output.Value[agent.ToAsset()] > 0) is { } token)
            {
                return (wallet, available, token);
            }

            // The next look asks for what came, or was moved, meanwhile.
            coins.Doubt(wallet.Id);
        }

        return null;
    }

    private async Task<CommitFailure?> CommitAsync(
        string kind,
        string action,
        Registration registration,
        PaymentSource source,
        HotWallet wallet,
        Cardano.Building.TransactionPlan plan,
        Exclusion.Spending spending,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var (transaction, failure) = commits.Build(wallet, plan, source, round);
        if (transaction is not null)
        {
            await commits.CommitAsync(
                kind,
                source,
                wallet,
                transaction,
                plan.InvalidHereafter ?? throw new InvalidOperationException("Every transaction of this node ends."),
                [new AttemptSubject(registration.Id, action)],
                spending.Rivals,
                round,
                cancellation
            );
        }

        if (failure is { Kind: TroubleKind.Funds })
        {
            // The next try asks what came meanwhile.
            coins.Doubt(wallet.Id);
        }

        return failure;
    }
}
