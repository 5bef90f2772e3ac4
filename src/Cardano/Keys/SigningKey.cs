namespace Masumi.Cardano;

/// <summary>A private key that signs transactions and messages: extended (BIP32-Ed25519) or a plain RFC 8032 seed.</summary>
public abstract class SigningKey
{
    /// <summary>The 32-byte public key.</summary>
    public abstract ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>The 64-byte signature of a message.</summary>
    public abstract byte[] Sign(ReadOnlySpan<byte> message);

    /// <summary>blake2b-224 of the public key.</summary>
    public Hash28 KeyHash => Blake2b.Hash224(PublicKey.Span);

    /// <summary>The witness of a transaction id.</summary>
    public VKeyWitness Witness(Hash32 txId) => new(PublicKey, Sign(txId.ToArray()));
}

/// <summary>The keys of one account of one mnemonic (CIP-1852): payment 0/0 and stake 2/0.</summary>
public sealed class WalletKeys
{
    private WalletKeys(SigningKey payment, SigningKey stake)
    {
        Payment = payment;
        Stake = stake;
    }

    /// <summary>m/1852'/1815'/0'/0/0.</summary>
    public SigningKey Payment { get; }

    /// <summary>m/1852'/1815'/0'/2/0.</summary>
    public SigningKey Stake { get; }

    /// <summary>Derives from an English BIP-39 mnemonic (12, 15, 18, 21 or 24 words; checksum checked). Throws <see cref="FormatException"/>.</summary>
    public static WalletKeys FromMnemonic(string mnemonic, string passphrase = "", uint account = 0) => throw new NotImplementedException();

    /// <summary>The base address of both keys.</summary>
    public Address BaseAddress(NetworkId network) => Address.Create(network, Credential.Key(Payment.KeyHash), Credential.Key(Stake.KeyHash));
}

/// <summary>English BIP-39 mnemonics.</summary>
public static class Mnemonic
{
    /// <summary>A mnemonic of 12, 15, 18, 21 or 24 words from 16, 20, 24, 28 or 32 bytes of entropy.</summary>
    public static string FromEntropy(ReadOnlySpan<byte> entropy) => throw new NotImplementedException();

    /// <summary>The entropy of a mnemonic; throws <see cref="FormatException"/> for an unknown word, count or checksum.</summary>
    public static byte[] ToEntropy(string mnemonic) => throw new NotImplementedException();
}
