using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Corpora.Fixtures;

/// <summary>The initial state a transaction fixture describes.</summary>
internal static class TransactionFixtureState
{
    private const string Resigned = "resigned";

    public static LedgerState Read(JsonObject fixture)
    {
        var initial = fixture["initialState"]!;
        var utxos = initial["utxo"]!.AsArray().Select(u => new Utxo(Input(Hex(u!["input"])), TxOutput.FromCbor(Hex(u["output"]))));
        return LedgerState.Of(utxos) with
        {
            Treasury = new Lovelace((long?)initial["pots"]?["treasury"] ?? 0),
            Certs = new CertState
            {
                Accounts = List(initial, "accounts").ToImmutableDictionary(Credential, Account),
                // Only the operators' keys are told.
                Pools = List(initial, "pools").ToImmutableDictionary(p => Hash28.Parse((string)p!), _ => new StakePool(Lovelace.Zero, null)),
                DReps = List(initial, "dreps").ToImmutableDictionary(Credential, d => Coin(d["deposit"])),
                Committee = List(initial, "committee").ToImmutableDictionary(m => CredentialOf(m["coldCredential"]!), Member),
            },
        };
    }

    private static IEnumerable<JsonNode> List(JsonNode initial, string name) => initial[name]?.AsArray().Select(n => n!) ?? [];

    private static StakeAccount Account(JsonNode account) =>
        new(
            Coin(account["deposit"]),
            account["rewards"] is { } rewards ? Coin(rewards) : Lovelace.Zero,
            account["pool"] is { } pool ? Hash28.Parse((string)pool["id"]!) : null,
            account["drep"] is { } drep ? LedgerCertificate.ReadDRep(new CborReader(Hex(drep["id"]), CborConformanceMode.Lax)) : null
        );

    // A listed credential without a term may still authorise a hot credential: a proposal in flight would elect it.
    private static CommitteeMember Member(JsonNode member) =>
        member["status"] is not { } status ? new CommitteeMember(true)
        : (string)status! == Resigned ? new CommitteeMember(true, HasResigned: true)
        : new CommitteeMember(true, CredentialOf(status));

    private static Credential Credential(JsonNode owner) => CredentialOf(owner["credential"]!);

    private static Credential CredentialOf(JsonNode hex) => LedgerCertificate.ReadCredential(new CborReader(Hex(hex), CborConformanceMode.Lax));

    private static TxInput Input(byte[] cbor)
    {
        var reader = new CborReader(cbor, CborConformanceMode.Lax);
        reader.ReadStartArray();
        return new TxInput(new TransactionId(new Hash32(reader.ReadByteString())), reader.ReadInt32());
    }

    private static Lovelace Coin(JsonNode? amount) => new((long)amount!);

    private static byte[] Hex(JsonNode? text) => Convert.FromHexString((string)text!);
}
