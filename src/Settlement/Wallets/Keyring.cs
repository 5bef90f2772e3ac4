using System.Collections.Concurrent;
using System.Security.Cryptography;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Settlement.Sources;
using Masumi.Storage.Secrets;

namespace Masumi.Settlement.Wallets;

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

    /// <summary>The source with the key of a provider that its operator leaves there, sealed.</summary>
    public PaymentSource WithProviderKey(PaymentSource source, string key)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source with { SealedProviderKey = box.SealText(key, Purpose(source)) };
    }

    /// <summary>That key, for the operator who asks for it; empty where none was left.</summary>
    public string RevealProviderKey(PaymentSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.SealedProviderKey is { } key ? box.OpenText(key, Purpose(source)) : "";
    }

    // A source that was removed and is there again has its old id.
    private static string Purpose(PaymentSource source) => $"provider:{source.ContractAddress}";

    private static string Purpose(string walletId) => $"wallet:{walletId}";
}
