using System.Diagnostics.CodeAnalysis;

namespace Masumi.Cardano;

public sealed partial class Address
{
    /// <summary>A base address when <paramref name="stake"/> is given, otherwise an enterprise address.</summary>
    public static Address Create(NetworkId network, Credential payment, Credential? stake = null) => throw new NotImplementedException();

    /// <summary>A reward account (types 14 and 15).</summary>
    public static Address Reward(NetworkId network, Credential stake) => throw new NotImplementedException();

    /// <summary>Parses bech32 (or base58 for Byron). Throws <see cref="FormatException"/> naming what is wrong.</summary>
    public static Address Parse(string text) => throw new NotImplementedException();

    /// <summary>Parses bech32 (or base58 for Byron); false for anything that is no well-formed address.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Address? address) => throw new NotImplementedException();

    /// <summary>Reads raw bytes; throws <see cref="FormatException"/> when they are no well-formed address.</summary>
    public static Address FromBytes(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();

    /// <summary>The network the header names; Byron addresses without a network attribute are mainnet.</summary>
    public NetworkId Network => throw new NotImplementedException();

    /// <summary>True for Byron addresses.</summary>
    public bool IsByron => throw new NotImplementedException();

    /// <summary>True for reward accounts (types 14 and 15).</summary>
    public bool IsReward => throw new NotImplementedException();

    /// <summary>The payment credential; null for Byron addresses and reward accounts.</summary>
    public Credential? Payment => throw new NotImplementedException();

    /// <summary>The stake credential of a base address or a reward account; null without one (pointer addresses too).</summary>
    public Credential? Stake => throw new NotImplementedException();

    /// <summary>The pointer of a pointer address (types 4 and 5).</summary>
    public (ulong Slot, ulong TxIndex, ulong CertIndex)? Pointer => throw new NotImplementedException();

    private string ToText() => throw new NotImplementedException();
}
