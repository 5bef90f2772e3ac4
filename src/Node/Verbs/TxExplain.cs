using System.Collections.Immutable;
using System.CommandLine;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain.Blockfrost;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Explaining;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi tx explain FILE [--utxos FILE | --chain URL]</c>: what a transaction does in Masumi's words, and which rule refuses it.</summary>
internal static class TxExplain
{
    // A transaction of 16 kB has room for some 400 inputs; nobody's chain is asked for more.
    private const int MostInputs = 500;
    private const int MostScripts = 10;

    public static Command Create()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The transaction: CBOR, hexadecimal or a cardano-cli text envelope; '-' reads standard input.",
        };
        var utxos = new Option<string?>("--utxos")
        {
            Description =
                "What it spends and refers to, in any form that 'tx evaluate' reads. Without it and without --chain, only what the transaction says itself.",
        };
        var parameters = new Option<string?>("--parameters")
        {
            Description = "JSON of Blockfrost's epochs/latest/parameters; the chain's or mainnet's by default.",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var (chain, contracts) = (new ChainOptions(required: false), new ContractOptions());
        var command = new Command(
            "explain",
            "Says what a transaction does: which escrow, action, money, who signed; runs it and names the rule that refuses, with the values compared."
        )
        {
            file,
            utxos,
            parameters,
            json,
        };
        chain.AddTo(command);
        contracts.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                try
                {
                    if (parsed.GetValue(utxos) is not null && chain.IsGiven(parsed))
                    {
                        throw new FormatException("either --utxos or --chain says what is spent, not both");
                    }

                    if (parsed.GetValue(utxos) == "-" && parsed.GetValue(file) == "-")
                    {
                        throw new FormatException("standard input is either the transaction or what it spends");
                    }

                    var transaction = Transaction.FromCbor(HexFile.Unwrap(HexFile.ReadAll(parsed.GetValue(file)!)));
                    var network = contracts.NetworkFor(parsed, transaction);
                    var given = parsed.GetValue(parameters) is { } path ? BlockfrostParameters.Read(HexFile.ReadAll(path, parameters.Name)) : null;
                    var scene = new ExplanationScene
                    {
                        Outputs = parsed.GetValue(utxos) is { } known
                            ? UtxoFile.Read(HexFile.ReadAll(known, utxos.Name))
                            : ImmutableDictionary<TxInput, TxOutput>.Empty,
                        Parameters = given ?? ProtocolParameters.Mainnet,
                        Slots = network == NetworkId.Mainnet ? SlotConfig.Mainnet : SlotConfig.Preprod,
                        Contracts = Contracts(contracts, parsed, network),
                    };
                    using var provider = chain.IsGiven(parsed) ? chain.Open(parsed) : null;
                    var explanation = await ExplainAsync(transaction, scene, network, given, provider, cancellation);
                    Print(explanation, parsed.GetValue(json));
                    return explanation.Verdict == ExplainedVerdict.Refused ? 1 : 0;
                }
                catch (Exception e) when (ContractsVerb.IsInput(e))
                {
                    await Console.Error.WriteLineAsync($"masumi tx explain: {ContractsVerb.Words(e)}");
                    return 2;
                }
            }
        );
        return command;
    }

    private static async Task<Explanation> ExplainAsync(
        Transaction transaction,
        ExplanationScene scene,
        NetworkId network,
        ProtocolParameters? given,
        BlockfrostChain? chain,
        CancellationToken cancellation
    )
    {
        var notes = new List<string>();
        if (chain is not null)
        {
            scene = await AskAsync(chain, transaction, scene, given, notes, cancellation);
        }

        return TransactionExplainer.Explain(transaction, scene) with
        {
            LedgerRefusals = LedgerCheck.Refusals(transaction, scene, network),
            Notes = [.. notes],
        };
    }

    private static void Print(Explanation explanation, bool json)
    {
        if (json)
        {
            Console.WriteLine(ExplanationJson.Of(explanation).ToJsonString());
            return;
        }

        foreach (var line in ExplanationText.Lines(explanation))
        {
            Console.WriteLine(line);
        }
    }

    private static ImmutableArray<EscrowContract> Contracts(ContractOptions options, ParseResult parsed, NetworkId network) =>
        [.. Enum.GetValues<EscrowFamily>().Select(family => ContractCatalog.OwnInstance(options.Parameters(parsed, family), network))];

    private static async Task<ExplanationScene> AskAsync(
        BlockfrostChain chain,
        Transaction transaction,
        ExplanationScene scene,
        ProtocolParameters? given,
        List<string> notes,
        CancellationToken cancellation
    )
    {
        var body = transaction.Body;
        var inputs = body.Inputs.Concat(body.ReferenceInputs).Concat(body.Collateral).ToHashSet();
        if (inputs.Count > MostInputs)
        {
            throw new FormatException($"a transaction with {inputs.Count} inputs; a chain is asked for at most {MostInputs}");
        }

        var outputs = (await chain.ResolveAsync(inputs, cancellation)).ToDictionary(u => u.Input, u => u.Output);
        var scripts = ImmutableArray.CreateBuilder<Script>();
        var hashes = body.Outputs.Concat(outputs.Values).Select(o => o.Address.Payment?.AsScript).OfType<ScriptHash>().Distinct();
        foreach (var hash in hashes.Where(h => transaction.Witnesses.Scripts.All(s => s.Hash != h)).Take(MostScripts))
        {
            if (await chain.FindScriptAsync(hash, cancellation) is { } script)
            {
                scripts.Add(script);
            }
        }

        var slots = await chain.GetSlotConfigAsync(cancellation);
        var tip = await chain.GetTipAsync(cancellation);
        if (await chain.FindTransactionAsync(transaction.Id, cancellation) is { } found)
        {
            notes.Add($"it is in block {found.Block.Height}, slot {found.Block.Slot}{(found.IsValid ? "" : ", where its scripts failed")}");
        }
        else if (body.InvalidHereafter is { } end && end <= tip.Slot)
        {
            notes.Add($"its validity is over: the chain is at slot {tip.Slot}");
        }
        else if (body.InvalidBefore is { } start && start > tip.Slot)
        {
            notes.Add($"its validity has not begun: the chain is at slot {tip.Slot}");
        }

        return scene with
        {
            Outputs = outputs,
            Parameters = given ?? await chain.GetParametersAsync(cancellation),
            Slots = slots,
            Scripts = scripts.ToImmutable(),
        };
    }
}
