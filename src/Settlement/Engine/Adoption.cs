using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Takes what a wallet of ours did without this database for what it is (O1, ADR 7): another copy of this node made it, for something that waits here. As an attempt of
/// ours it is not made a second time, and the same bytes come again when a rollback takes it. Locks are adopted where they are recorded, by their identifiers.
/// </summary>
internal sealed class Adoption(SettlementStore store, ChainFollower follower)
{
    /// <summary>Adopts a transaction of a wallet, if it is a transfer or a mint that waits here, or updates an agent or burns its token; whether it was.</summary>
    public async Task<bool> AdoptAsync(PaymentSource source, HotWallet wallet, ChainTransaction found, CancellationToken cancellation) =>
        found.IsValid
        && Signatures.Hold(found.Transaction, wallet.KeyHash)
        && (
            await AdoptTransferAsync(wallet, found, cancellation)
            || await AdoptMintAsync(source, wallet, found, cancellation)
            || await AdoptUpdateAsync(source, wallet, found, cancellation)
            || await AdoptBurnAsync(source, wallet, found, cancellation)
        );

    // Its mark says which it is.
    private async Task<bool> AdoptTransferAsync(HotWallet wallet, ChainTransaction found, CancellationToken cancellation)
    {
        if (
            TransferMark.Read(found.Transaction) is not { } id
            || await store.Transfers.GetAsync(id, cancellation) is not { State: TransferState.Requested or TransferState.Failed } transfer
            || transfer.WalletId != wallet.Id
            || !transfer.IsPaidBy(found.Transaction)
        )
        {
            return false;
        }

        var attempt = Attempt.Of(found, transfer.SourceId, wallet.Id, TransferMachine.Send, transfer.Id);
        return await store.Attempts.AdoptAsync(attempt, found, follower.Decisions, cancellation);
    }

    // It says word for word what a registration asks for: rather one that waits than one that failed, whose mint would have to be another's that this database lost.
    private async Task<bool> AdoptMintAsync(PaymentSource source, HotWallet wallet, ChainTransaction found, CancellationToken cancellation)
    {
        if (found.Transaction.Body.Mint.IsAdaOnly)
        {
            return false;
        }

        var unminted = await store.Registrations.ListUnmintedAsync(wallet.Id, cancellation);
        foreach (var registration in unminted.OrderBy(r => r.State == RegistrationState.RegistrationFailed))
        {
            if (
                AgentMint.Of(registration, source.PolicyId, found.Transaction) is not { } agent
                || (await store.Registrations.FindAsync(agent, cancellation) is { } other && other.Id != registration.Id)
            )
            {
                continue;
            }

            var attempt = Attempt.Of(found, source.Id, wallet.Id, RegistrationMachine.Register, registration.Id);
            return await store.Attempts.AdoptAsync(attempt, found, follower.Decisions, cancellation);
        }

        return false;
    }

    // The token it burns says for which registration it was made; what it mints, what that says now.
    private async Task<bool> AdoptUpdateAsync(PaymentSource source, HotWallet wallet, ChainTransaction found, CancellationToken cancellation)
    {
        if (
            AgentMint.In(found.Transaction) is not { Replaces: { } old } mint
            || mint.Agent.ToAsset().Policy != source.PolicyId
            || (await store.Registrations.FindAsync(old, cancellation) ?? await store.Registrations.FindAsync(mint.Agent, cancellation)) is not { } registration
        )
        {
            return false;
        }

        var attempt = Attempt.Of(found, source.Id, wallet.Id, RegistrationMachine.Update, registration.Id);
        return await store.Attempts.AdoptAsync(attempt, found, follower.Decisions, cancellation);
    }

    // The agents it ends say for which registrations it was made, whoever asked for that there.
    private async Task<bool> AdoptBurnAsync(PaymentSource source, HotWallet wallet, ChainTransaction found, CancellationToken cancellation)
    {
        if (found.Transaction.Body.Mint.Assets.Any(a => a.Key.Policy == source.PolicyId && a.Value > 0))
        {
            return false;
        }

        var ended = new List<string>();
        foreach (var (asset, quantity) in found.Transaction.Body.Mint.Assets)
        {
            if (
                quantity < 0
                && asset.Policy == source.PolicyId
                && AgentIdentifier.TryParse($"{asset.Policy}{asset.Name}", out var agent)
                && await store.Registrations.FindAsync(agent, cancellation) is { } registration
            )
            {
                ended.Add(registration.Id);
            }
        }

        if (ended.Count == 0)
        {
            return false;
        }

        var attempt = Attempt.Of(found, source.Id, wallet.Id, RegistrationMachine.Deregister, ended.Order(StringComparer.Ordinal));
        return await store.Attempts.AdoptAsync(attempt, found, follower.Decisions, cancellation);
    }
}
