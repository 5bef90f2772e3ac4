using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Transactions;

/// <summary>Addresses inside transactions: byte strings whose form depends on where they stand.</summary>
internal static class AddressCodec
{
    /// <summary>An address that can hold an output: not a reward account.</summary>
    public static Address ReadOutputAddress(CborInput input)
    {
        var address = Read(input);
        return address.IsReward ? throw input.Error("a reward account cannot hold an output") : address;
    }

    /// <summary>A reward account (29 bytes).</summary>
    public static Address ReadRewardAccount(CborInput input)
    {
        var address = Read(input);
        return address.IsReward ? address : throw input.Error("a reward account expected");
    }

    private static Address Read(CborInput input)
    {
        var bytes = input.ReadBytes();
        try
        {
            return Address.FromBytes(bytes.Span);
        }
        catch (FormatException e)
        {
            throw input.Error(e.Message);
        }
    }
}
