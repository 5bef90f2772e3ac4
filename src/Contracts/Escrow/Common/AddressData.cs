using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>Addresses as Plutus data (spec escrow.md 2.2). The network is not on chain; readers supply it.</summary>
public static class AddressData
{
    private static readonly PlutusData None = PlutusData.C(1);

    /// <summary>Encodes a Shelley address; throws <see cref="ArgumentException"/> for Byron addresses and reward accounts.</summary>
    public static PlutusData Encode(Address address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var payment = address.Payment ?? throw new ArgumentException($"No payment credential: {address}.", nameof(address));
        PlutusData stake = None;
        if (address.Stake is { } credential)
        {
            stake = PlutusData.C(0, PlutusData.C(0, Encode(credential)));
        }
        else if (address.Pointer is { } pointer)
        {
            stake = PlutusData.C(0, PlutusData.C(1, PlutusData.I(pointer.Slot), PlutusData.I(pointer.TxIndex), PlutusData.I(pointer.CertIndex)));
        }

        return PlutusData.C(0, Encode(payment), stake);
    }

    /// <summary>Encodes an optional address: Some is constructor 0, None constructor 1.</summary>
    public static PlutusData EncodeOptional(Address? address) => address is null ? None : PlutusData.C(0, Encode(address));

    /// <summary>Decodes base and enterprise addresses; null for anything else, pointers included (nobody writes them).</summary>
    public static Address? Decode(PlutusData data, NetworkId network)
    {
        if (
            data is not PlutusData.Constr { Tag: 0, Fields: [var paymentData, PlutusData.Constr stakeData] }
            || DecodeCredential(paymentData) is not { } payment
        )
        {
            return null;
        }

        return stakeData switch
        {
            { Tag: 1, Fields.Length: 0 } => Address.Create(network, payment),
            { Tag: 0, Fields: [PlutusData.Constr { Tag: 0, Fields: [var inline] }] } when DecodeCredential(inline) is { } stake => Address.Create(
                network,
                payment,
                stake
            ),
            _ => null,
        };
    }

    private static PlutusData Encode(Credential credential) => PlutusData.C(credential.IsKey ? 0UL : 1UL, PlutusData.B(credential.Hash.ToArray()));

    private static Credential? DecodeCredential(PlutusData data) =>
        data is PlutusData.Constr { Tag: 0 or 1, Fields: [PlutusData.Bytes { Value.Length: Hash28.Size } hash] } constr
            ? CredentialOf(isScript: constr.Tag == 1, new Hash28(hash.Value.Span))
            : null;

    private static Credential CredentialOf(bool isScript, Hash28 hash) =>
        isScript ? Credential.Script(new ScriptHash(hash)) : Credential.Key(new KeyHash(hash));
}
