using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Storage.Secrets;

namespace Masumi.Settlement;

/// <summary>
/// The only place where mnemonics are opened. Keys are derived once per process; nothing here is logged.
/// </summary>
public sealed class Keyring(SecretBox box)
{
    private readonly ConcurrentDictionary<string, WalletKeys> _keys = new(StringComparer.Ordinal);

    /// <summary>A wallet from a mnemonic, sealed. Throws <see cref="FormatException"/> for a bad mnemonic.</summary>
    public HotWallet Seal(string id, PaymentSource source, WalletRole role, string mnemonic, Address? collection, string? note, DateTimeOffset now)
    {
        var keys = WalletKeys.FromMnemonic(mnemonic);
        return new HotWallet(
            id,
            source.Id,
            role,
            keys.Payment.KeyHash,
            keys.BaseAddress(source.NetworkId),
            collection,
            note,
            box.SealText(mnemonic, Purpose(id)),
            now
        );
    }

    /// <summary>The signing keys of a wallet. Throws <see cref="CryptographicException"/> when it was sealed under another operator's secret.</summary>
    public WalletKeys Open(HotWallet wallet) =>
        _keys.GetOrAdd(
            wallet.Id,
            _ =>
            {
                var keys = WalletKeys.FromMnemonic(box.OpenText(wallet.SealedMnemonic, Purpose(wallet.Id)));
                return keys.Payment.KeyHash == wallet.KeyHash
                    ? keys
                    : throw new CryptographicException($"The mnemonic of wallet {wallet.Id} does not belong to its key hash {wallet.KeyHash}.");
            }
        );

    /// <summary>The mnemonic itself, for the operator who asks for it.</summary>
    public string Reveal(HotWallet wallet) => box.OpenText(wallet.SealedMnemonic, Purpose(wallet.Id));

    private static string Purpose(string walletId) => $"wallet:{walletId}";
}

/// <summary>
/// What a wallet can spend now: what the chain shows, less what live transactions spend, plus what they give back (spec settlement.md 8.2).
/// </summary>
internal sealed class CoinView(IChain chain)
{
    /// <summary>How many own unconfirmed transactions may stand one upon the other.</summary>
    private const int MaxChainDepth = 12;

    public async Task<ImmutableArray<Utxo>> OfAsync(HotWallet wallet, IReadOnlyList<Attempt> live, CancellationToken cancellation)
    {
        var confirmed = await chain.GetUtxosAsync(wallet.Address, cancellation);
        var coins = confirmed.ToDictionary(u => u.Input);
        var own = live.Where(i => i.WalletId == wallet.Id).OrderBy(i => i.CreatedAt).ThenBy(i => i.Id, StringComparer.Ordinal).ToList();
        var mayChain = own.Count < MaxChainDepth;
        foreach (var attempt in own)
        {
            for (var i = 0; mayChain && i < attempt.Transaction.Body.Outputs.Length; i++)
            {
                var output = attempt.Transaction.Body.Outputs[i];
                if (output.Address == wallet.Address)
                {
                    coins[new TxInput(attempt.Transaction.Id, i)] = new Utxo(new TxInput(attempt.Transaction.Id, i), output);
                }
            }
        }

        foreach (var input in live.SelectMany(i => i.Transaction.Body.Inputs))
        {
            coins.Remove(input);
        }

        return [.. coins.Values.OrderBy(u => u.Input)];
    }
}
