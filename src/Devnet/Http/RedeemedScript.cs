using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;

namespace Masumi.Devnet.Http;

/// <summary>Which script a redeemer runs, by its place in the order of the ledger (spec cardano.md 7.2).</summary>
internal static class RedeemedScript
{
    /// <summary>Null when it points to no script; for votes and proposals always.</summary>
    public static ScriptHash? Of(RedeemerPointer pointer, Transaction transaction, ChainIndex index) =>
        Of(pointer, transaction, i => index.Outputs.GetValueOrDefault(i)?.Utxo.Output);

    public static ScriptHash? Of(RedeemerPointer pointer, Transaction transaction, Func<TxInput, TxOutput?> resolve)
    {
        var body = transaction.Body;
        return pointer.Tag switch
        {
            RedeemerTag.Spend when pointer.Index < body.Inputs.Length => resolve(body.Inputs.Order().ElementAt(pointer.Index))?.Address.Payment?.AsScript,
            RedeemerTag.Mint => body
                .Mint.Assets.Keys.Select(a => a.Policy)
                .Distinct()
                .Select(p => (ScriptHash?)p.ToScriptHash())
                .ElementAtOrDefault(pointer.Index),
            RedeemerTag.Cert when pointer.Index < body.Certificates.Length => CertificateContent.Read(body.Certificates[pointer.Index]).Credential?.AsScript,
            // Scripts come before keys.
            RedeemerTag.Reward => body
                .Withdrawals.Select(w => w.Key.Stake)
                .OrderBy(s => s is not { IsScript: true })
                .ThenBy(s => s?.Hash)
                .ElementAtOrDefault(pointer.Index)
                ?.AsScript,
            _ => null,
        };
    }
}
