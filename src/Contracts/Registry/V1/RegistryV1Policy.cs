using Masumi.Contracts.Registry.Common;
using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Registry.V1;

/// <summary>
/// The registry's minting policy of the V1 rules (spec registry.md 4.1 and 5.1), for Plutus V3: one token per transaction, named after an output that is
/// spent. The parameter, the escrow's address as text, is read by nobody; it gives every escrow a policy of its own.
/// </summary>
internal static class RegistryV1Policy
{
    /// <summary>The policy: its parameter and the script context, data.</summary>
    public static Term<Fn<Data, Fn<ScriptContext, Unit>>> Policy { get; } =
        Function<Data, ScriptContext, Unit>(
            (_, contextData) =>
                Do(b =>
                {
                    var context = b.Open(contextData);
                    var transaction = b.Open(context.Transaction);
                    var purpose = b.Let(context.Info, "purpose");
                    b.Require("this script only guards a mint", purpose.IsMinting);
                    var policy = b.Let(purpose.Fields.Policy, "policy");
                    var own = b.Let(transaction.Mint.Find(policy, Reject<Map<Bytes, Int>>("the policy is in the mint"), tokens => tokens), "own");
                    b.Require("one token", own.Tail.IsEmpty);
                    var token = b.Let(own.Head, "token");
                    var redeemer = b.Let(context.Redeemer, "redeemer");
                    b.Require("actions have no arguments", redeemer.Fields.AreEmpty);
                    return RegistryRedeemer.V1.Switch(
                        redeemer.Tag,
                        [(RegistryAction.Mint, Mint(token, transaction.Inputs)), (RegistryAction.Burn, Burn(token))],
                        otherwise: Reject<Unit>("known action")
                    );
                })
        );

    private static Term<Unit> Mint(Term<Entry<Bytes, Int>> token, Term<ListOf<OnChainInput>> inputs) =>
        Do(b =>
        {
            b.Require("Mint: one of it", token.Value.Is(1));
            var name = b.Let(token.Key, "name");
            b.Require("Mint: named after a spent output", inputs.Any(input => Name(input.Fields.Reference).Is(name)));
            return Accept;
        });

    private static Term<Unit> Burn(Term<Entry<Bytes, Int>> token) =>
        Do(b =>
        {
            b.Require("Burn: one of it", token.Value.Is(-1));
            return Accept;
        });

    private static Term<Bytes> Name(Term<OutputReference> reference) =>
        Do(b =>
        {
            var fields = b.Open(reference);
            return (fields.TransactionId + fields.Index.ToBigEndian(4)).Hash256();
        });
}
