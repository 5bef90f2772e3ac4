using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Blueprints;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using static Masumi.OnChain.Blueprints.Schema;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>The CIP-57 blueprint of our V2 escrow, before its parameters.</summary>
internal static class EscrowV2Blueprint
{
    /// <summary>Name and version.</summary>
    public const string Title = "escrow-v2/2";

    public static string Write() =>
        Blueprint.Write(
            Title,
            "Escrow between a buyer and a selling agent (V2 rules)",
            EscrowSchemas.Validator("escrow.v2.spend", EscrowSchemas.RequiredAdmins(), EscrowSchemas.Admins(), EscrowSchemas.Cooldown()),
            Compiler.Compile(EscrowV2Validator.Validator).ToScript(ScriptLanguage.PlutusV3),
            Definitions()
        );

    private static JsonObject Definitions() =>
        new()
        {
            ["Action"] = EscrowRedeemer.V2.Definition((EscrowAction.WithdrawDisputed, SettlementArguments.Layout.Schemas)),
            ["Address"] = EscrowSchemas.Address(),
            ["AdminSignature"] = Constructor(0, "AdminSignature", OnChainSignature.Layout.Schemas),
            ["AdminSignatures"] = List(Reference("AdminSignature")),
            ["AssetValue"] = Map(Bytes("policy"), Reference("Tokens")),
            ["Credential"] = EscrowSchemas.Credential(),
            ["Datum"] = DatumV2.Layout.Definition,
            ["KeyHashes"] = List(Bytes()),
            ["OptionalAddress"] = Union("Optional", Constructor(0, "Some", Reference("Address")), Constructor(1, "None")),
            ["OptionalStake"] = EscrowSchemas.OptionalStake(),
            ["StakeCredential"] = EscrowSchemas.StakeCredential(),
            ["State"] = EscrowSchemas.State(EscrowState.RefundAuthorized),
            ["Tokens"] = Map(Bytes("name"), Integer("quantity")),
        };
}
