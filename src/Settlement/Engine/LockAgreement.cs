using Masumi.Chain;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>Asks for a second provider's word on locks that a seller would count and that are worth it (<see cref="AgreementRule"/>), once they are deep enough.</summary>
internal sealed class LockAgreement(SettlementStore store, ChainFollower follower, bool hasSeveralProviders, SettlementOptions options, ILogger logger)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Asks what is to be asked at a source. A provider that does not answer is asked again at the next block; so is one that says otherwise.</summary>
    public async Task AskAsync(PaymentSource source, BlockPoint reached, RoundView round, CancellationToken cancellation)
    {
        // Where there is one provider, only what was read while there were several can wait.
        if (!_asked.Add(source.Id) && !hasSeveralProviders)
        {
            return;
        }

        foreach (var step in await store.Chain.ListUnagreedAsync(source.Id, cancellation))
        {
            if (hasSeveralProviders && reached.Height - step.Block.Height < options.Confirmations.Of(step.Output!.Value))
            {
                continue;
            }

            if (await AgreesAsync(step, round, cancellation))
            {
                var wallets = await store.Wallets.ListAsync(cancellation);
                await store.Chain.MarkAgreedAsync(source, step, follower.Changes(source, wallets, reached.Height), cancellation);
            }
        }
    }

    private async Task<bool> AgreesAsync(EscrowStep step, RoundView round, CancellationToken cancellation)
    {
        try
        {
            // Where there is one provider only, there is nobody else to ask.
            if (await round.Chain.AgreeAsync(step.TxId, step.Block, cancellation) is not false)
            {
                return true;
            }

            logger.LogWarning(
                "Lock {TxId} does not count: a provider does not have it in block {Height} {Hash}",
                step.TxId,
                step.Block.Height,
                step.Block.Hash
            );
        }
        catch (ChainUnavailableException e)
        {
            logger.LogWarning("Lock {TxId} does not count yet: {Message}", step.TxId, e.Message);
        }

        return false;
    }
}
