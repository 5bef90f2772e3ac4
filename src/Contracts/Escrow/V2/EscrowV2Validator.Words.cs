using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.Contracts.Escrow.Common.DatumV2;
using static Masumi.OnChain.Language.Lists;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>The words the rules are written in.</summary>
internal sealed partial class EscrowV2Validator
{
    /// <summary>The party's payment key is among the required signers.</summary>
    private Term<Bool> SignedBy(Term<OnChainAddress> party) => _signedBy.Call(party);

    /// <summary>The lower bound is finite and not before the time (spec escrow.md 4.1).</summary>
    private Term<Bool> StartsAfter(Term<Int> time) => _startsAfter.Call(time);

    /// <summary>The upper bound is strictly before the time (spec escrow.md 4.1).</summary>
    private Term<Bool> EndsBefore(Term<Int> time) => _upper < time;

    /// <summary>A cooldown of the continuing datum, refused when it ends too early.</summary>
    private Term<Int> NewCooldown(Term<Int> cooldown) => SpendWords.NewCooldown(cooldown, _cooldownTime);

    /// <summary>The output is this escrow, going on: at the script, whatever its stake part, with the same reference signature.</summary>
    private Term<Bool> CarriesOn(Term<OnChainOutput> output, Term<OnChainCredential> script) =>
        Do(b =>
        {
            var fields = b.Open(output);
            return fields.Address.Fields.Payment.Is(script)
                & Decode<DatumV2>(fields.Datum.Content).Fields.At(ReferenceSignature).Is(_datum.At(ReferenceSignature));
        });

    /// <summary>No output carries this escrow on.</summary>
    private Term<Bool> EscrowEnds => !_outputs.Any(output => _carriesOn.Call(output));

    /// <summary>The payout target of the buyer's side.</summary>
    private Term<OnChainAddress> BuyerPayout => _datum.At(BuyerReturnAddress).OrElse(_datum.At(Buyer));

    /// <summary>The payout target of the seller's side.</summary>
    private Term<OnChainAddress> SellerPayout => _datum.At(SellerReturnAddress).OrElse(_datum.At(Seller));

    /// <summary>The outputs at the address that are tagged with this escrow's reference hold at least the amount.</summary>
    private Term<Bool> Pays(Term<OnChainAddress> address, Term<Map<Bytes, Map<Bytes, Int>>> amount) => _pays.Call(address, amount);

    /// <summary>Escrows that are spent, and escrows that are created, have the form they need and differ in their reference signatures.</summary>
    private static Term<Unit> EscrowsAreWellFormed(
        Term<ListOf<OnChainInput>> inputs,
        Term<ListOf<OnChainOutput>> outputs,
        Term<OnChainCredential> script,
        Term<Fn<DatumV2, Decoded<DatumV2>>> parse
    ) =>
        Do(b =>
        {
            var escrowInputs = b.Let(inputs.Where(input => input.Fields.Output.Fields.Address.Fields.Payment.Is(script)), "escrowInputs");
            var keysAreUnique = b.Let(Function<Map<Bytes, OnChainOutput>, Bool>(escrows => escrows.KeysAreUnique), "keysAreUnique");
            b.Require("escrows spent together differ in their reference signatures", escrowInputs.Tail.IsEmpty | keysAreUnique.Call(BySignature(escrowInputs)));
            b.Require("escrows created together differ in their reference signatures", keysAreUnique.Call(BySignature(outputs, script, parse)));
            return Accept;
        });

    /// <summary>
    /// Spent escrows by reference signature, whatever their stake part. They are not decoded in depth here: each of them runs this script with its own datum, and
    /// one that does not decode rejects the transaction anyway.
    /// </summary>
    private static Term<Map<Bytes, OnChainOutput>> BySignature(Term<ListOf<OnChainInput>> escrows) =>
        escrows.Walk(
            EmptyMap<Bytes, OnChainOutput>(),
            (input, _, rest) =>
                Do(b =>
                {
                    var output = b.Let(input.Fields.Output, "output");
                    var datum = b.Let(output.Fields.Datum, "datum");
                    b.Require("escrows spent together have inline datums", datum.IsInline);
                    return rest.Prepend(Decode<DatumV2>(datum.Content).Fields.At(ReferenceSignature), output);
                })
        );

    /// <summary>Created escrows by reference signature, whatever their stake part; rejects a malformed one.</summary>
    private static Term<Map<Bytes, OnChainOutput>> BySignature(
        Term<ListOf<OnChainOutput>> outputs,
        Term<OnChainCredential> script,
        Term<Fn<DatumV2, Decoded<DatumV2>>> parse
    ) =>
        outputs.Walk(
            EmptyMap<Bytes, OnChainOutput>(),
            (element, _, rest) =>
                Do(b =>
                {
                    var output = b.Let(element, "output");
                    var fields = b.Open(output);
                    return If(
                        fields.Address.Fields.Payment.Is(script),
                        Do(c =>
                        {
                            c.Require("created escrow: no reference script", !fields.ReferenceScript.IsSome);
                            var content = c.Let(fields.Datum, "datum");
                            c.Require("created escrow: inline datum", content.IsInline);
                            var datum = Layout.Unpack(c, parse.Call(Decode<DatumV2>(content.Content)));
                            c.Require(
                                "created escrow: the reference signature is long enough",
                                datum.At(ReferenceSignature).Length >= LeastReferenceSignatureBytes
                            );
                            return rest.Prepend(datum.At(ReferenceSignature), output);
                        }),
                        rest
                    );
                })
        );

    /// <summary>
    /// The escrow goes on: the output with the same reference signature holds the same datum but for the change, and the same value but
    /// for more ADA (spec escrow.md 4.2, "value preserved").
    /// </summary>
    /// <param name="change">Given the next datum and the escrow's lovelace, checks the action and says what it changes.</param>
    private Term<Unit> Continue(Func<Fields<DatumV2>, Term<Int>, Term<Change>> change) =>
        Do(b =>
        {
            var next = b.Open(_outputs.First("the escrow goes on", output => _carriesOn.Call(output)));
            b.Require("the escrow stays at its address", next.Address.Is(_ownAddress));
            var nextDatum = b.Let(Decode<DatumV2>(next.Datum.Content), "nextDatum");
            var lovelace = b.Let(_value.Lovelace, "lovelace");
            var changed = Change.Unpack(b, change(b.Open(nextDatum), lovelace));
            var expected = _datum
                .With(ResultHash, changed.ResultHash)
                .With(SellerCooldownTime, changed.SellerCooldown)
                .With(BuyerCooldownTime, changed.BuyerCooldown)
                .With(State, changed.State);
            b.Require("nothing else in the datum changes", nextDatum.Is(Layout.Construct(expected)));
            var nextValue = b.Let(next.Value, "nextValue");
            b.Require("no ADA is taken out", nextValue.Lovelace >= lovelace);
            b.Require("no token is taken out or put in", nextValue.Tokens.Is(_value.Tokens));
            return Accept;
        });
}
