using Masumi.Cardano.Metadata;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Registry.Common;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Wallets;

namespace Masumi.Settlement.Engine;

/// <summary>Mints and burns agents' registry tokens (spec registry.md 9, 12).</summary>
internal sealed class RegistrationPlanner(ScriptCatalog scripts, Commits commits, WalletCoins coins)
{
    /// <summary>Makes what is due for one registration. Returns why not, or null.</summary>
    public Task<CommitFailure?> RunAsync(
        Registration registration,
        PaymentSource source,
        HotWallet wallet,
        HotWallet recipient,
        PlanningRound round,
        CancellationToken cancellation
    ) =>
        RegistrationMachine.Wanted(registration) == RegistrationMachine.Register
            ? RegisterAsync(registration, source, wallet, recipient, round, cancellation)
            : DeregisterAsync(registration, source, wallet, round, cancellation);

    private async Task<CommitFailure?> RegisterAsync(
        Registration registration,
        PaymentSource source,
        HotWallet wallet,
        HotWallet recipient,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var available = (await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation)).Spendable;
        if (available.IsEmpty)
        {
            coins.Doubt(wallet.Id);
            return new CommitFailure(TroubleKind.Funds, new MoneyShort("everything", $"{wallet.Address}").Note);
        }

        if (AgentMetadataReader.Read(Metadatum.FromCbor(Convert.FromHexString(registration.Entry))) is not MetadataReading.Agent { Metadata: var metadata })
        {
            return new CommitFailure(TroubleKind.Build, "The stored metadata cannot be read.");
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
        var pieces = transactions.Register([new NewAgent(metadata, recipient.Address, registration.Funding ?? default)], seed, wallet.KeyHash, round.Now);
        var plan = pieces.AddTo(commits.PlanFor(wallet, available) with { ReferenceInputs = script.ReferenceInputs });
        var more = spending.Inputs.Where(u => plan.Inputs.All(i => i.Input != u.Input)).ToList();
        plan = plan with { Inputs = [.. plan.Inputs, .. more], Available = plan.Available.RemoveRange(more) };
        return await CommitAsync("RegisterAgent", RegistrationMachine.Register, registration, source, wallet, plan, spending, round, cancellation);
    }

    private async Task<CommitFailure?> DeregisterAsync(
        Registration registration,
        PaymentSource source,
        HotWallet wallet,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var available = (await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation)).Spendable;
        var agent = registration.AgentIdentifier!;
        if (available.FirstOrDefault(c => c.Output.Value[agent.ToAsset()] > 0) is not { } token)
        {
            return new CommitFailure(TroubleKind.Build, "The wallet does not hold the agent's token.");
        }

        var script = await scripts.PolicyAsync(source, round.Tip, cancellation);
        var transactions = new RegistryTransactions(source.Family, source.PolicyId, script.Attached, round.Parameters, round.Slots);
        var pieces = transactions.Deregister([(agent, token)], wallet.KeyHash, round.Now);
        var plan = pieces.AddTo(commits.PlanFor(wallet, available) with { ReferenceInputs = script.ReferenceInputs });
        return await CommitAsync(
            "DeregisterAgent",
            RegistrationMachine.Deregister,
            registration,
            source,
            wallet,
            plan,
            new Exclusion.Spending([], []),
            round,
            cancellation
        );
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
