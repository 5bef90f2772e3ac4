using Masumi.Contracts.Registry.Common;
using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Registry.V2;

/// <summary>
/// The registry's minting policy of the V2 rules (spec registry.md 4.2 and 5.2), for Plutus V3. A token's name is a nonce (1 byte), the
/// root of its family (28 bytes) and a version (3 bytes).
/// </summary>
internal static class RegistryV2Policy
{
    private const int NameBytes = 32;
    private const int RootStart = 1;
    private const int RootBytes = 28;
    private const int VersionStart = 29;
    private const int VersionBytes = 3;

    /// <summary>Lower first bytes belong to CIP-67 labels.</summary>
    private const int LeastNonce = 0x10;

    /// <summary>The policy: the script context, data.</summary>
    public static Term<Fn<ScriptContext, Unit>> Policy { get; } =
        Function<ScriptContext, Unit>(contextData =>
            Do(b =>
            {
                var context = b.Open(contextData);
                var transaction = b.Open(context.Transaction);
                var purpose = b.Let(context.Info, "purpose");
                b.Require("this script only guards a mint", purpose.IsMinting);
                var policy = b.Let(purpose.Fields.Policy, "policy");
                var own = b.Let(transaction.Mint.Find(policy, Reject<Map<Bytes, Int>>("the policy is in the mint"), tokens => tokens), "own");
                var redeemer = b.Let(context.Redeemer, "redeemer");
                b.Require("actions have no arguments", redeemer.Fields.AreEmpty);
                return RegistryRedeemer.V2.Switch(
                    redeemer.Tag,
                    [(RegistryAction.Mint, Mint(own, transaction.Inputs)), (RegistryAction.Update, Update(own)), (RegistryAction.Burn, Burn(own))],
                    otherwise: Reject<Unit>("known action")
                );
            })
        );

    private static Term<Unit> Mint(Term<Map<Bytes, Int>> own, Term<ListOf<OnChainInput>> spent) =>
        Do(b =>
        {
            var inputs = b.Let(spent, "inputs");
            b.Require(
                "Mint: every token is well named",
                own.All(token =>
                    Do(c =>
                    {
                        var name = c.Let(token.Key, "name");
                        c.Require("Mint: one of each", token.Value.Is(1));
                        c.Require("Mint: 32 bytes", name.Length.Is(NameBytes));
                        c.Require("Mint: the nonce is no CIP-67 label", name.At(0) >= LeastNonce);
                        c.Require("Mint: version 0", name.Slice(VersionStart, VersionBytes).Is(Hex("000000")));
                        var root = c.Let(name.Slice(RootStart, RootBytes), "root");
                        return inputs.Any(input => Root(input.Fields.Reference).Is(root));
                    })
                )
            );
            return Accept;
        });

    private static Term<Unit> Update(Term<Map<Bytes, Int>> own) =>
        Do(b =>
        {
            b.Require("Update: only one minted or one burned of each", own.All(token => token.Value.Is(1) | token.Value.Is(-1)));
            b.Require("Update: as many minted as burned", own.Total.Is(0));
            var has = b.Let(Function<Bytes, Int, Bool>((name, quantity) => own.Any(token => token.Value.Is(quantity) & token.Key.Is(name))), "has");
            b.Require("Update: every burned token has its successor", own.All(token => token.Value.Is(1) | has.Call(Successor(token.Key), Integer(1))));
            return Accept;
        });

    private static Term<Unit> Burn(Term<Map<Bytes, Int>> own) =>
        Do(b =>
        {
            b.Require("Burn: one of each is burned", own.All(token => token.Value.Is(-1)));
            return Accept;
        });

    /// <summary>The hash that makes a family unique: an output can be spent only once.</summary>
    private static Term<Bytes> Root(Term<OutputReference> reference) =>
        Do(b =>
        {
            var fields = b.Open(reference);
            return (fields.TransactionId + fields.Index.ToBigEndian(4)).Hash224();
        });

    /// <summary>The same nonce and root with the next version; rejects the last version.</summary>
    private static Term<Bytes> Successor(Term<Bytes> tokenName) =>
        Do(b =>
        {
            var name = b.Let(tokenName, "name");
            b.Require("Update: 32 bytes", name.Length.Is(NameBytes));
            return name.Slice(0, VersionStart) + (name.Slice(VersionStart, VersionBytes).FromBigEndian() + 1).ToBigEndian(VersionBytes);
        });
}
