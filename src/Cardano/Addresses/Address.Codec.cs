using System.Diagnostics.CodeAnalysis;

namespace Masumi.Cardano.Addresses;

public sealed partial class Address
{
    private const int BaseSize = 57;
    private const int EnterpriseSize = 29;

    /// <summary>A base address when <paramref name="stake"/> is given, otherwise an enterprise address.</summary>
    public static Address Create(NetworkId network, Credential payment, Credential? stake = null)
    {
        var type = (payment.IsScript ? 1 : 0) | (stake is { } s ? (s.IsScript ? 2 : 0) : 6);
        var bytes = new byte[stake is null ? EnterpriseSize : BaseSize];
        bytes[0] = (byte)((type << 4) | (int)network);
        payment.Hash.CopyTo(bytes.AsSpan(1));
        stake?.Hash.CopyTo(bytes.AsSpan(29));
        return new Address(bytes);
    }

    /// <summary>A reward account (types 14 and 15).</summary>
    public static Address Reward(NetworkId network, Credential stake)
    {
        var bytes = new byte[EnterpriseSize];
        bytes[0] = (byte)(((stake.IsScript ? 15 : 14) << 4) | (int)network);
        stake.Hash.CopyTo(bytes.AsSpan(1));
        return new Address(bytes);
    }

    /// <summary>Parses bech32 (or base58 for Byron). Throws <see cref="FormatException"/> naming what is wrong.</summary>
    public static Address Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Bech32.TryDecode(text, out var prefix, out var data))
        {
            var address = FromBytes(data);
            return prefix == address.Prefix
                ? address
                : throw new FormatException($"An address with the prefix '{prefix}' must have '{address.Prefix}' for its header byte {data[0]:x2}.");
        }

        return ByronAddress.TryDecodeText(text, out var byron)
            ? new Address(byron)
            : throw new FormatException($"Neither a bech32 nor a Byron address: '{(text.Length > 120 ? text[..120] + "…" : text)}'.");
    }

    /// <summary>Parses bech32 (or base58 for Byron); false for anything that is no well-formed address.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Address? address)
    {
        address = null;
        if (text is null)
        {
            return false;
        }

        try
        {
            address = Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Reads raw bytes; throws <see cref="FormatException"/> when they are no well-formed address.</summary>
    public static Address FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            throw new FormatException("An address cannot be empty.");
        }

        var type = bytes[0] >> 4;
        if (type == 8)
        {
            return ByronAddress.IsWellFormed(bytes)
                ? new Address(bytes.ToArray())
                : throw new FormatException("A Byron address with a wrong shape or checksum.");
        }

        if ((bytes[0] & 0xf) > 1)
        {
            throw new FormatException($"An address of the unknown network {bytes[0] & 0xf}.");
        }

        var expected = type switch
        {
            <= 3 => BaseSize,
            6 or 7 or 14 or 15 => EnterpriseSize,
            4 or 5 => -1,
            _ => throw new FormatException($"An address of the unknown type {type}."),
        };
        if (expected >= 0 && bytes.Length != expected)
        {
            throw new FormatException($"An address of type {type} has {expected} bytes, got {bytes.Length}.");
        }

        if (expected < 0 && !TryReadPointer(bytes, out _))
        {
            throw new FormatException("A pointer address with a bad pointer.");
        }

        return new Address(bytes.ToArray());
    }

    /// <summary>The network the header names; Byron addresses with a network attribute are testnet.</summary>
    public NetworkId Network =>
        IsByron ? (ByronAddress.HasNetworkAttribute(_bytes) ? NetworkId.Testnet : NetworkId.Mainnet)
        : (_bytes[0] & 0xf) == 1 ? NetworkId.Mainnet
        : NetworkId.Testnet;

    /// <summary>True for Byron addresses.</summary>
    public bool IsByron => Type == 8;

    /// <summary>True for reward accounts (types 14 and 15).</summary>
    public bool IsReward => Type >= 14;

    /// <summary>The payment credential; null for Byron addresses and reward accounts.</summary>
    public Credential? Payment => Type >= 8 ? null : CredentialAt(1, isScript: (Type & 1) != 0);

    /// <summary>The stake credential of a base address or a reward account; null without one (pointer addresses too).</summary>
    public Credential? Stake =>
        Type switch
        {
            <= 3 => CredentialAt(29, isScript: (Type & 2) != 0),
            14 or 15 => CredentialAt(1, isScript: Type == 15),
            _ => null,
        };

    /// <summary>The pointer of a pointer address (types 4 and 5).</summary>
    public (ulong Slot, ulong TxIndex, ulong CertIndex)? Pointer => Type is 4 or 5 && TryReadPointer(_bytes, out var pointer) ? pointer : null;

    private int Type => _bytes[0] >> 4;

    private string Prefix => (IsReward ? "stake" : "addr") + (Network == NetworkId.Mainnet ? "" : "_test");

    private string ToText() => IsByron ? ByronAddress.ToText(_bytes) : Bech32.Encode(Prefix, _bytes);

    private static bool TryReadPointer(ReadOnlySpan<byte> bytes, out (ulong Slot, ulong TxIndex, ulong CertIndex) pointer)
    {
        pointer = default;
        if (bytes.Length < EnterpriseSize + 3)
        {
            return false;
        }

        var rest = bytes[EnterpriseSize..];
        if (
            !TryReadNumber(ref rest, uint.MaxValue, out var slot)
            || !TryReadNumber(ref rest, ushort.MaxValue, out var tx)
            || !TryReadNumber(ref rest, ushort.MaxValue, out var cert)
        )
        {
            return false;
        }

        pointer = (slot, tx, cert);
        return rest.IsEmpty;
    }

    // Big-endian groups of seven bits, all but the last with the top bit set (CIP-19). Larger numbers are refused at decode since Conway.
    private static bool TryReadNumber(ref ReadOnlySpan<byte> rest, ulong max, out ulong number)
    {
        number = 0;
        for (var i = 0; i < rest.Length && i < 10; i++)
        {
            number = (number << 7) | (uint)(rest[i] & 0x7f);
            if (number > max)
            {
                return false;
            }

            if ((rest[i] & 0x80) == 0)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private Credential CredentialAt(int start, bool isScript)
    {
        var hash = new Hash28(_bytes.AsSpan(start, Hash28.Size));
        return isScript ? Credential.Script(new ScriptHash(hash)) : Credential.Key(new KeyHash(hash));
    }
}
