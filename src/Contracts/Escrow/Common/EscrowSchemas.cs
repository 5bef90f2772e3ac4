using System.Text.Json.Nodes;
using Masumi.OnChain.Language;
using static Masumi.OnChain.Blueprints.Blueprint;
using static Masumi.OnChain.Blueprints.Schema;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>The parts that the blueprints of both generations are made of.</summary>
internal static class EscrowSchemas
{
    /// <summary>An escrow without code.</summary>
    public static JsonObject Validator(string title, params ReadOnlySpan<JsonNode> parameters) =>
        new()
        {
            ["title"] = title,
            ["datum"] = Argument("datum", "spend", Reference("Datum")),
            ["redeemer"] = Argument("action", "spend", Reference("Action")),
            ["parameters"] = new JsonArray([.. parameters]),
        };

    public static JsonObject RequiredAdmins() =>
        Parameter("required_admins_multi_sig", Integer(description: "How many entries of the admin list must sign a settlement"));

    public static JsonObject Admins() => Parameter("admin_vks", Reference("KeyHashes"));

    public static JsonObject Cooldown() => Parameter("cooldown_period", Integer(description: "Milliseconds between two actions of one party"));

    public static JsonObject Address() =>
        Constructor(0, "Address", Reference("Credential", "payment_credential"), Reference("OptionalStake", "stake_credential"));

    public static JsonObject Credential() => Union("Credential", Constructor(0, "VerificationKey", Bytes("hash")), Constructor(1, "Script", Bytes("hash")));

    public static JsonObject OptionalStake() => Union("Optional", Constructor(0, "Some", Reference("StakeCredential")), Constructor(1, "None"));

    public static JsonObject StakeCredential() =>
        Union(
            "StakeCredential",
            Constructor(0, "Inline", Reference("Credential")),
            Constructor(1, "Pointer", Integer("slot_number"), Integer("transaction_index"), Integer("certificate_index"))
        );

    /// <summary>The states up to the family's last one; they count from 0 in their order.</summary>
    public static JsonObject State(EscrowState last) =>
        Union("State", [.. Enum.GetValues<EscrowState>().Where(s => s <= last).Select(s => Constructor((int)s, s.ToString()))]);
}
