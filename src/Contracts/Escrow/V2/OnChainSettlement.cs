using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>
/// What admins decided about a disputed escrow: the redeemer C4[buyer value, seller value, signatures] and the CIP-8 messages its
/// signatures are over (spec escrow.md 3.2 and 3.3).
/// </summary>
internal sealed record OnChainSettlement(
    Term<Map<Bytes, Map<Bytes, Int>>> BuyerValue,
    Term<Map<Bytes, Map<Bytes, Int>>> SellerValue,
    Term<ListOf<OnChainSignature>> Signatures
)
{
    private const int MostHeaderBytes = 256;

    public static OnChainSettlement Read(Block b, Fields<SettlementArguments> arguments)
    {
        b.Require("settlement: three arguments", SettlementArguments.Layout.Ends(arguments));
        return new(
            b.Let(arguments.At(SettlementArguments.BuyerValue), "buyerValue"),
            b.Let(arguments.At(SettlementArguments.SellerValue), "sellerValue"),
            b.Let(arguments.At(SettlementArguments.Signatures), "signatures")
        );
    }

    /// <summary>
    /// Enough places of the admin list signed. An admin listed twice counts twice; a signature given twice counts once.
    /// </summary>
    public Term<Bool> IsSigned(Term<OutputReference> ownReference, Term<ListOf<Bytes>> adminList, Term<Int> requiredAdmins) =>
        Do(b =>
        {
            var admins = b.Let(adminList, "admins");
            var required = b.Let(requiredAdmins, "required");
            var adminCount = b.Let(admins.Count, "adminCount");
            b.Require("settlement: someone must sign", required > 0);
            b.Require("settlement: the admins suffice", required <= adminCount);
            b.Require("settlement: no more signatures than admins", Signatures.Count <= adminCount);
            b.Require("settlement: well-formed signatures", Signatures.All(IsWellFormed));

            var decision = Operators.Construct<Data>(0, ownReference.ToData(), BuyerValue.ToData(), SellerValue.ToData());
            var intent = b.Let(decision.Serialised.Hash224(), "intent");
            var hashedIntent = b.Let(intent.Hash224(), "hashedIntent");
            var votes = admins.Sum(admin =>
                Do(c =>
                {
                    var hash = c.Let(admin, "admin");
                    return If(
                        Signatures.Any(signature =>
                            Do(d =>
                            {
                                var fields = d.Open(signature);
                                var key = d.Let(fields.At(OnChainSignature.VerificationKey), "key");
                                return key.Hash224().Is(hash)
                                    & Do(e =>
                                    {
                                        var headers = e.Let(SigStructureHead(fields.At(OnChainSignature.ProtectedHeaders)), "headers");
                                        var bytes = e.Let(fields.At(OnChainSignature.Signature), "signature");
                                        return key.Verifies(headers + intent, bytes) | key.Verifies(headers + hashedIntent, bytes);
                                    });
                            })
                        ),
                        Integer(1),
                        Integer(0)
                    );
                })
            );
            return votes >= required;
        });

    private static Term<Bool> IsWellFormed(Term<OnChainSignature> signature) =>
        Do(b =>
        {
            var fields = b.Open(signature);
            b.Require("signature: constructor 0", signature.Tag.Is(0));
            b.Require("signature: three fields", OnChainSignature.Layout.Ends(fields));
            b.Require("signature: a key has 32 bytes", fields.At(OnChainSignature.VerificationKey).Length.Is(32));
            b.Require("signature: at most 256 bytes of headers", fields.At(OnChainSignature.ProtectedHeaders).Length <= MostHeaderBytes);
            b.Require("signature: a signature has 64 bytes", fields.At(OnChainSignature.Signature).Length.Is(64));
            return True;
        });

    /// <summary>
    /// The CBOR of <c>["Signature1", headers, h'', payload]</c> (RFC 9052 section 4.4) up to the 28 bytes of the payload.
    /// </summary>
    private static Term<Bytes> SigStructureHead(Term<Bytes> protectedHeaders) =>
        Do(b =>
        {
            var headers = b.Let(protectedHeaders, "headers");
            var length = b.Let(headers.Length, "length");
            var byteString = If(
                length < 24,
                headers.Prepend(length + 0x40),
                If(length <= 255, headers.Prepend(length).Prepend(Integer(0x58)), Hex("590100") + headers)
            );
            return Hex("846a5369676e617475726531") + byteString + Hex("40581c");
        });
}
