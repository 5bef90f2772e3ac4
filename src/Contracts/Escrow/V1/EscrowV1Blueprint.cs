using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Blueprints;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using static Masumi.OnChain.Blueprints.Schema;

namespace Masumi.Contracts.Escrow.V1;

/// <summary>The CIP-57 blueprint of our V1 escrow, before its parameters.</summary>
internal static class EscrowV1Blueprint
{
    /// <summary>Name and version.</summary>
    public const string Title = "escrow-v1/2";

    public static string Write() =>
        Blueprint.Write(
            Title,
            "Escrow between a buyer and a selling agent (V1 rules)",
            EscrowSchemas.Validator(
                "escrow.v1.spend",
                EscrowSchemas.RequiredAdmins(),
                EscrowSchemas.Admins(),
                Blueprint.Parameter("fee_address", Reference("Address")),
                Blueprint.Parameter("fee_permille", Integer(description: "The fee in thousandths of every asset")),
                EscrowSchemas.Cooldown()
            ),
            Compiler.Compile(EscrowV1Validator.Validator).ToScript(ScriptLanguage.PlutusV3),
            Definitions()
        );

    private static JsonObject Definitions() =>
        new()
        {
            ["Action"] = EscrowRedeemer.V1.Definition(),
            ["Address"] = EscrowSchemas.Address(),
            ["Credential"] = EscrowSchemas.Credential(),
            ["Datum"] = DatumV1.Layout.Definition,
            ["KeyHashes"] = List(Bytes()),
            ["OptionalStake"] = EscrowSchemas.OptionalStake(),
            ["StakeCredential"] = EscrowSchemas.StakeCredential(),
            ["State"] = EscrowSchemas.State(EscrowState.Disputed),
        };
}
