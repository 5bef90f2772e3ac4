using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Contracts.Registry.V1;
using Masumi.Contracts.Registry.V2;

namespace Masumi.Contracts.Explaining;

/// <summary>Reads what a transaction asks of registries, and what their rules compared.</summary>
internal sealed class RegistryActs(Transaction transaction, ContractBook book)
{
    // Beyond, names are counted and not shown.
    private const int MostShown = 4;

    private readonly ImmutableArray<PolicyId> _policies = [.. transaction.Body.Mint.Assets.Keys.Select(a => a.Policy).Distinct().Order()];

    public IEnumerable<ExplainedAct> Read() =>
        _policies
            .Select(p => (Policy: p, Contract: book.Find(p.ToScriptHash())))
            .Where(p => p.Contract is { Kind: ContractKind.Registry })
            .Select(p => new ExplainedAct.Registers(p.Contract!, ActionOf(p.Policy, p.Contract!.Instance.Family), [.. Tokens(p.Policy).Select(Agent)]));

    /// <summary>What a rule of our registries compared; null for a text of none.</summary>
    public ComparedValues? Compared(string rule, PolicyId policy)
    {
        var tokens = Tokens(policy).ToList();
        var redeemer = RedeemerOf(policy) as PlutusData.Constr;
        return rule switch
        {
            "this script only guards a mint" or "the policy is in the mint" => new(rule, "another purpose", "a mint"),
            "actions have no arguments" => new(rule, $"{redeemer?.Fields.Length ?? 0} arguments", "none"),
            "known action" => new(rule, $"constructor {redeemer?.Tag}", "an action of this registry"),
            "one token" => new(rule, $"{tokens.Count} tokens", "1"),
            "Mint: one of each" or "Mint: one of it" => Quantities(_ => true, "1 of each"),
            "Burn: one of each is burned" or "Burn: one of it" => Quantities(_ => true, "-1 of each"),
            "Update: only one minted or one burned of each" => Quantities(q => q != 1 && q != -1, "1 or -1 of each"),
            "Update: as many minted as burned" => new(
                rule,
                string.Create(CultureInfo.InvariantCulture, $"{tokens.Count(t => t.Value > 0)} minted, {tokens.Count(t => t.Value < 0)} burned"),
                "as many"
            ),
            "Mint: 32 bytes" or "Update: 32 bytes" => Names(n => n.Bytes.Length != 32, n => $"{n} of {n.Bytes.Length} bytes", "32 bytes"),
            "Mint: the nonce is no CIP-67 label" => Names(n => n.Bytes.Span is [< AgentNameV2.FirstNonce, ..], n => $"{n}", "a first byte of at least 0x10"),
            "Mint: version 0" => Names(n => AgentNameV2.Of(n) is not { Version: 0 }, n => $"version {AgentNameV2.Of(n)?.Version} of {n}", "version 0"),
            "Mint: every token is well named" => Names(
                n => AgentNameV2.Of(n) is not { } name || transaction.Body.Inputs.All(i => AgentNameV2.New(i).Root != name.Root),
                n => $"{n}",
                "the root of one of " + Listed(transaction.Body.Inputs.Select(i => $"{i} ({AgentNameV2.New(i).Root})"))
            ),
            "Mint: named after a spent output" => Names(
                n => transaction.Body.Inputs.All(i => AgentNameV1.Of(i) != n),
                n => $"{n}",
                "one of " + Listed(transaction.Body.Inputs.Select(i => $"{AgentNameV1.Of(i)} (after {i})"))
            ),
            "Update: every burned token has its successor" => Names(
                n =>
                    transaction.Body.Mint[new AssetId(policy, n)] < 0
                    && (AgentNameV2.Of(n)?.Next() is not { } next || transaction.Body.Mint[new AssetId(policy, next.ToAssetName())] != 1),
                n => $"{n} burned alone",
                "the same name with the next version minted"
            ),
            _ => null,
        };

        ComparedValues Quantities(Func<Int128, bool> wrong, string required) =>
            new(
                rule,
                Listed(tokens.Where(t => wrong(t.Value)).Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Value} of {t.Key.Name}"))),
                required
            );

        ComparedValues Names(Func<AssetName, bool> wrong, Func<AssetName, string> show, string required) =>
            new(rule, Listed(tokens.Select(t => t.Key.Name).Where(wrong).Select(show)), required);
    }

    /// <summary>Which policy a redeemer is for; null when it is for none.</summary>
    public PolicyId? PolicyAt(int index) => index >= 0 && index < _policies.Length ? _policies[index] : null;

    private static string Listed(IEnumerable<string> texts)
    {
        var all = texts.ToList();
        return all.Count <= MostShown ? string.Join(", ", all) : $"{string.Join(", ", all.Take(MostShown))} and {all.Count - MostShown} more";
    }

    private IEnumerable<KeyValuePair<AssetId, Int128>> Tokens(PolicyId policy) => transaction.Body.Mint.Assets.Where(a => a.Key.Policy == policy);

    private PlutusData? RedeemerOf(PolicyId policy) =>
        transaction.Witnesses.Redeemers.FirstOrDefault(r => r.Pointer == new RedeemerPointer(RedeemerTag.Mint, _policies.IndexOf(policy)))?.Data.Data;

    private RegistryAction? ActionOf(PolicyId policy, EscrowFamily family) =>
        RedeemerOf(policy) is { } redeemer ? RegistryRedeemer.Read(redeemer, family) : null;

    private ExplainedAgent Agent(KeyValuePair<AssetId, Int128> token) =>
        new(token.Key, token.Value, AgentMetadataReader.Read(transaction.AuxiliaryData, token.Key) is MetadataReading.Agent(var agent) ? agent.Name : null);
}
