using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>
/// A V2 dispute on its way to its settlement, passed between admins: what is proposed, and who signed it. Nothing in it is believed that the chain can
/// tell: the escrow itself is named, not copied.
/// </summary>
/// <param name="Contract">The contract's parameters.</param>
/// <param name="Settlement">The escrow, and the least each party gets.</param>
/// <param name="Signatures">Valid ones of admins, one of each.</param>
public sealed partial record DisputeCase(EscrowContract Contract, DisputeSettlement Settlement, ImmutableArray<AdminSignature> Signatures)
{
    /// <summary>How many votes the signatures carry.</summary>
    public int Votes => Settlement.Votes(Signatures, Contract.Admins);

    /// <summary>What CIP-8's hashed mode signs instead of the intent.</summary>
    public Hash28 HashedIntent => Blake2b.Hash224(Settlement.Intent().ToArray());

    /// <summary>What of the escrow nobody is promised: it goes to whoever submits the settlement.</summary>
    public Value Unassigned(Value escrow) => escrow - Settlement.BuyerValue - Settlement.SellerValue;

    /// <summary>
    /// Why this may not be proposed or signed at a moment; empty when it may. The signatures bind neither the result nor the state, so they are given only when
    /// nothing but the settlement can happen any more: in a dispute, once its time has come (spec escrow.md 10, trap 31).
    /// </summary>
    /// <param name="escrow">The escrow as the chain has it.</param>
    /// <param name="chainTime">Time as the chain tells it; null to leave the time aside.</param>
    public ImmutableArray<RuleRefusal> Refusals(Utxo escrow, DateTimeOffset? chainTime)
    {
        ArgumentNullException.ThrowIfNull(escrow);
        if (escrow.Input != Settlement.Escrow || escrow.Output.Address != Contract.Address)
        {
            return [new RuleRefusal(EscrowRule.OutputForm, $"{escrow.Input} at {escrow.Output.Address}", $"{Settlement.Escrow} at {Contract.Address}")];
        }

        if (!EscrowDatum.TryRead(escrow.Output, EscrowFamily.V2, out var datum, out var notAnEscrow))
        {
            return [new RuleRefusal(EscrowRule.OutputForm, $"no escrow: {notAnEscrow}", "an escrow")];
        }

        // Before anything adds them up.
        var held = escrow.Output.Value;
        if (!(held - Settlement.BuyerValue).IsNonNegative || !(held - Settlement.SellerValue).IsNonNegative)
        {
            return [new RuleRefusal(EscrowRule.Payout, $"{Settlement.BuyerValue} and {Settlement.SellerValue}", $"together at most {held}")];
        }

        var verdict = EscrowV2Rules.Check(
            EscrowAction.WithdrawDisputed,
            datum,
            new SettlingSpend
            {
                Contract = Contract,
                Escrow = escrow.Input,
                Value = escrow.Output.Value,
                Lower = chainTime?.ToUnixTimeMilliseconds() ?? long.MaxValue,
                Upper = long.MaxValue,
                Signers = ImmutableHashSet<KeyHash>.Empty,
                Settlement = Settlement,
            }
        );
        var refusals = ImmutableArray.CreateBuilder<RuleRefusal>();
        if (verdict is EscrowVerdict.Refused refused)
        {
            // The votes are what is being collected.
            refusals.AddRange(refused.Refusals.Where(r => r.Rule != EscrowRule.AdminVotes));
        }

        if (!Unassigned(escrow.Output.Value).IsNonNegative)
        {
            refusals.Add(
                new RuleRefusal(EscrowRule.Payout, $"{Settlement.BuyerValue} and {Settlement.SellerValue}", $"together at most {escrow.Output.Value}")
            );
        }

        return refusals.ToImmutable();
    }

    /// <summary>An admin's signature of the intent, in CIP-8's plain or hashed mode. Ask <see cref="Refusals"/> first.</summary>
    /// <param name="key">The admin's payment key.</param>
    /// <param name="address">The admin's address, for the headers.</param>
    /// <param name="hashed">The mode.</param>
    public AdminSignature Sign(SigningKey key, Address address, bool hashed)
    {
        ArgumentNullException.ThrowIfNull(key);
        var payload = hashed ? HashedIntent : Settlement.Intent();
        return AdminSignature.From(CoseSign1.Sign(key, address, payload.ToArray()), key.PublicKey.Span);
    }

    /// <summary>The case with one signature more; the same when that admin's is there already. Null with the refusal when it is none of an admin.</summary>
    public DisputeCase? With(AdminSignature signature, out RuleRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(signature);
        refusal = null;
        var signer = new KeyHash(Blake2b.Hash224(signature.VerificationKey.Span));
        if (!Contract.Admins.Contains(signer))
        {
            refusal = new RuleRefusal(EscrowRule.Signer, $"signed by {signer}", "one of the contract's admins");
            return null;
        }

        if (!Settlement.IsSignedBy(signature))
        {
            refusal = new RuleRefusal(EscrowRule.Signer, $"the signature of {signer} is of something else", $"of the intent {Settlement.Intent()}");
            return null;
        }

        return Signatures.Any(s => s.VerificationKey == signature.VerificationKey) ? this : this with { Signatures = Signatures.Add(signature) };
    }
}
