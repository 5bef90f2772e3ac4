using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Language;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>How admins divide one disputed V2 escrow: at least these values to the two parties (spec escrow.md 3.2, 3.3).</summary>
/// <param name="Escrow">The disputed output; binds the settlement to it.</param>
/// <param name="BuyerValue">The least the buyer gets.</param>
/// <param name="SellerValue">The least the seller gets.</param>
public sealed record DisputeSettlement(TxInput Escrow, Value BuyerValue, Value SellerValue)
{
    /// <summary>The bytes the intent is the hash of; equal to what the contract serialises.</summary>
    public byte[] Payload() => PlutusData.C(0, OutputReferenceData.Encode(Escrow), AssetValue(BuyerValue), AssetValue(SellerValue)).ToCbor();

    /// <summary>What admins sign: blake2b-224 of <see cref="Payload"/>.</summary>
    public Hash28 Intent() => Blake2b.Hash224(Payload());

    /// <summary>The redeemer that settles with these signatures.</summary>
    public PlutusData Redeemer(ImmutableArray<AdminSignature> signatures) =>
        PlutusData.C(
            (ulong)EscrowRedeemer.V2.IndexOf(EscrowAction.WithdrawDisputed),
            AssetValue(BuyerValue),
            AssetValue(SellerValue),
            PlutusData.L([.. signatures.Select(s => s.ToData())])
        );

    /// <summary>
    /// True when the signature is over this intent, plain or hashed once more as CIP-8's hashed mode does; nothing else is accepted.
    /// </summary>
    public bool IsSignedBy(AdminSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (signature.ProtectedHeaders.Length > AdminSignature.MaxHeaderBytes)
        {
            return false;
        }

        var intent = Intent();
        return Verifies(signature, intent) || Verifies(signature, Blake2b.Hash224(intent.ToArray()));
    }

    /// <summary>
    /// How many votes valid signatures carry: every entry of the admin list that matches a signer counts, so duplicates are weight. Signing twice does
    /// not count twice.
    /// </summary>
    public int Votes(IEnumerable<AdminSignature> signatures, IReadOnlyCollection<KeyHash> admins)
    {
        var signers = signatures.Where(IsSignedBy).Select(s => new KeyHash(Blake2b.Hash224(s.VerificationKey.Span))).ToHashSet();
        return admins.Count(signers.Contains);
    }

    /// <summary>ADA under the empty policy, then assets in ledger order; strictly ascending, without zeros. Throws for negative quantities.</summary>
    internal static PlutusData AssetValue(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!value.IsNonNegative)
        {
            // On chain a negative minimum is trivially met, so it would say nothing.
            throw new ArgumentException($"A settlement has no negative quantities: {value}.", nameof(value));
        }

        var policies = ImmutableArray.CreateBuilder<KeyValuePair<PlutusData, PlutusData>>();
        if (value.Coin != Lovelace.Zero)
        {
            policies.Add(
                new(
                    PlutusData.B(ReadOnlyMemory<byte>.Empty),
                    PlutusData.M(new KeyValuePair<PlutusData, PlutusData>(PlutusData.B(ReadOnlyMemory<byte>.Empty), PlutusData.I(value.Coin.Amount)))
                )
            );
        }

        foreach (var policy in value.Assets.GroupBy(a => a.Key.Policy))
        {
            policies.Add(
                new(
                    PlutusData.B(policy.Key.ToArray()),
                    PlutusData.M([.. policy.Select(a => new KeyValuePair<PlutusData, PlutusData>(PlutusData.B(a.Key.Name.Bytes), PlutusData.I(a.Value)))])
                )
            );
        }

        return new PlutusData.Map(policies.ToImmutable());
    }

    /// <summary>Reads a value; null when it is none or a quantity is negative or exceeds 64 bits.</summary>
    internal static Value? ReadAssetValue(PlutusData data)
    {
        if (data is not PlutusData.Map policies)
        {
            return null;
        }

        var coin = Lovelace.Zero;
        var assets = new Dictionary<AssetId, Int128>();
        foreach (var (policyData, namesData) in policies.Entries)
        {
            if (policyData is not PlutusData.Bytes policy || policy.Value.Length is not (0 or Hash28.Size) || namesData is not PlutusData.Map names)
            {
                return null;
            }

            foreach (var (nameData, quantityData) in names.Entries)
            {
                if (
                    nameData is not PlutusData.Bytes { Value.Length: <= 32 } name
                    || quantityData is not PlutusData.Integer quantity
                    || quantity.Value < BigInteger.Zero
                    || quantity.Value > (policy.Value.Length == 0 ? long.MaxValue : ulong.MaxValue)
                )
                {
                    return null;
                }

                if (policy.Value.Length == 0)
                {
                    if (name.Value.Length != 0 || coin != Lovelace.Zero)
                    {
                        return null;
                    }

                    coin = new Lovelace((long)quantity.Value);
                }
                else if (!assets.TryAdd(new AssetId(new PolicyId(new Hash28(policy.Value.Span)), new AssetName(name.Value.Span)), (Int128)quantity.Value))
                {
                    return null;
                }
            }
        }

        return Value.Of(coin, assets);
    }

    /// <summary>Reads the redeemer of a V2 settlement; null when it is none.</summary>
    internal static (DisputeSettlement Settlement, ImmutableArray<AdminSignature> Signatures)? ReadRedeemer(PlutusData redeemer, TxInput escrow)
    {
        if (
            EscrowRedeemer.Read(redeemer, EscrowFamily.V2) != EscrowAction.WithdrawDisputed
            || redeemer is not PlutusData.Constr { Fields: [var buyer, var seller, PlutusData.List list] }
            || ReadAssetValue(buyer) is not { } buyerValue
            || ReadAssetValue(seller) is not { } sellerValue
        )
        {
            return null;
        }

        var signatures = ImmutableArray.CreateBuilder<AdminSignature>();
        foreach (var item in list.Items)
        {
            if (AdminSignature.OfData(item) is not { } signature)
            {
                return null;
            }

            signatures.Add(signature);
        }

        return (new DisputeSettlement(escrow, buyerValue, sellerValue), signatures.ToImmutable());
    }

    private static bool Verifies(AdminSignature signature, Hash28 payload) =>
        new CoseSign1(signature.ProtectedHeaders.Memory, ReadOnlyMemory<byte>.Empty, payload.ToArray(), signature.Signature.Memory).Verify(
            signature.VerificationKey.Span
        );
}
