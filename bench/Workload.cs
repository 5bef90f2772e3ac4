using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Tests.Escrow;
using Masumi.Plutus;
using Masumi.Protocol;

namespace Masumi.Bench;

/// <summary>A transaction and what it spends, as bytes: every evaluator starts from these.</summary>
internal sealed record Workload(string Name, byte[] Transaction, ImmutableArray<(TxInput Input, byte[] Output)> Utxos, SlotConfig Slots)
{
    /// <summary>The resolved inputs as one CBOR map.</summary>
    public byte[] UtxoMap()
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteStartMap(Utxos.Length);
        foreach (var (input, output) in Utxos)
        {
            writer.WriteEncodedValue(Encode(input));
            writer.WriteEncodedValue(output);
        }

        writer.WriteEndMap();
        return writer.Encode();
    }

    public static byte[] Encode(TxInput input)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteStartArray(2);
        writer.WriteByteString(input.TxId.ToArray());
        writer.WriteInt32(input.Index);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>
    /// Reads <c>{name, network?, transaction, utxos: {"txid#index": output}}</c>, bytes in hex: the way to measure a script of one's own.
    /// </summary>
    public static Workload FromFile(string path)
    {
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        var slots = (string?)json["network"] switch
        {
            "mainnet" => SlotConfig.Mainnet,
            "preview" => SlotConfig.Preview,
            _ => SlotConfig.Preprod,
        };
        return new Workload(
            (string?)json["name"] ?? Path.GetFileNameWithoutExtension(path),
            Convert.FromHexString((string)json["transaction"]!),
            [.. json["utxos"]!.AsObject().Select(u => (TxInput.Parse(u.Key), Convert.FromHexString((string)u.Value!)))],
            slots
        );
    }

    /// <summary>Escrow transactions as a node would submit them, under our compiled contract.</summary>
    public static ImmutableArray<Workload> Ours() =>
        [
            Build("submit one result", Vectors.Seller, Submit(1)),
            Build("submit five results", Vectors.Seller, Submit(5)),
            Build(
                "collect the payment",
                Vectors.Seller,
                [Scenes.Leg(Transactions.Withdraw(Escrow(EscrowState.ResultSubmitted, 0), Vectors.Seller, Vectors.Deadlines.Unlock.AddMinutes(10)))]
            ),
        ];

    private static readonly EscrowContract Contract = Scenes.Contract(EscrowFamily.V2) with
    {
        Address = EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V2), NetworkId.Testnet),
    };

    private static readonly EscrowTransactions Transactions = new(Contract, ContractCatalog.DefaultEscrow(EscrowFamily.V2), Scenes.Parameters, Scenes.Slots);

    private static EscrowLeg[] Submit(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => Scenes.Leg(Transactions.SubmitResult(Escrow(EscrowState.FundsLocked, i), Scenes.ResultHash, Vectors.Deadlines.PayBy))),
        ];

    private static Utxo Escrow(EscrowState state, int index)
    {
        var datum = Scenes.Datum(EscrowFamily.V2, state);
        var unique = datum with { ReferenceSignature = new ByteString([.. datum.ReferenceSignature.Span, (byte)index]) };
        return new Utxo(new TxInput(Scenes.SomeId, index), new TxOutput(Contract.Address, Value.Of(Lovelace.FromAda(10)), unique.ToInline()));
    }

    private static Workload Build(string name, Address wallet, EscrowLeg[] legs)
    {
        var plan = EscrowPieces
            .Combine([.. legs])
            .Pieces.AddTo(new TransactionPlan { ChangeAddress = wallet, Available = [.. Enumerable.Range(0, 3).Select(i => Scenes.Wallet(wallet, i))] });
        var result = TransactionBuilder.Build(plan, Scenes.Parameters, Scenes.Slots, new PlutusEvaluator());
        var built = result as BuildResult.Built ?? throw new InvalidOperationException($"{name}: {result}");
        var known = plan.Available.Concat(legs.Select(l => l.Input.Utxo)).ToDictionary(u => u.Input, u => u.Output.Bytes.ToArray());
        var spent = built.Transaction.Body.Inputs.Concat(built.Transaction.Body.Collateral).Distinct();
        return new Workload(name, built.Transaction.Bytes.ToArray(), [.. spent.Order().Select(i => (i, known[i]))], Scenes.Slots);
    }
}
