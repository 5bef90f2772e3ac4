using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
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
    private const long MainnetMagic = 764_824_073;

    // For all the questions together: a provider that hangs is asked many, and each would be tried again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
                    var given = parsed.GetValue(parameters) is { } path ? BlockfrostParameters.Read(HexFile.ReadAll(path, parameters.Name)) : null;
                    IReadOnlyDictionary<TxInput, TxOutput> outputs = parsed.GetValue(utxos) is { } known
                        ? UtxoFile.Read(HexFile.ReadAll(known, utxos.Name))
                        : ImmutableDictionary<TxInput, TxOutput>.Empty;
                    using var provider = chain.IsGiven(parsed) ? chain.Open(parsed) : null;
                    var network = contracts.NamedNetwork(parsed) ?? TransactionExplainer.NetworkOf(transaction, outputs) ?? contracts.Network(parsed);
                    var scene = Scene(outputs, network, given);
                    var notes = new List<string>();
                    if (provider is not null)
                    {
                        scene = await WithinAsync(Patience, stop => AskAsync(provider, transaction, scene, given, notes, stop), cancellation);
                    }

                    network = scene.Network!.Value;
                    scene = scene with { Contracts = Contracts(contracts, parsed, network) };
                    var explanation = LedgerCheck.Check(TransactionExplainer.Explain(transaction, scene), scene, network) with { Notes = [.. notes] };
                    return Print(explanation, parsed.GetValue(json));
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

    private static ExplanationScene Scene(IReadOnlyDictionary<TxInput, TxOutput> outputs, NetworkId network, ProtocolParameters? given) =>
        new()
        {
            Outputs = outputs,
            Network = network,
            Parameters = given ?? ProtocolParameters.Mainnet,
            Slots = network == NetworkId.Mainnet ? SlotConfig.Mainnet : SlotConfig.Preprod,
        };

    /// <summary>What an asking answers within a time, however many times it asks; throws <see cref="IOException"/> beyond.</summary>
    public static async Task<T> WithinAsync<T>(TimeSpan patience, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var clock = new CancellationTokenSource(patience, TimeProvider.System);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation, clock.Token);
        try
        {
            return await ask(bound.Token);
        }
        catch (Exception e) when (clock.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"the chain provider has not told everything within {patience.TotalSeconds} seconds"),
                e
            );
        }
    }

    // How the verb ends.
    private static int Print(Explanation explanation, bool json)
    {
        var code = explanation.Verdict is ExplainedVerdict.Refused or ExplainedVerdict.Failed ? 1 : 0;
        if (json)
        {
            Console.WriteLine(ExplanationJson.Of(explanation).ToJsonString());
            return code;
        }

        // All or nothing: half an explanation misleads.
        foreach (var line in ExplanationText.Lines(explanation).ToList())
        {
            Console.WriteLine(line);
        }

        return code;
    }

    private static ImmutableArray<EscrowContract> Contracts(ContractOptions options, ParseResult parsed, NetworkId network) =>
        [.. Enum.GetValues<EscrowFamily>().Select(family => ContractCatalog.OwnInstance(options.Parameters(parsed, family), network))];

    private static async Task<ExplanationScene> AskAsync(
        ProvidedChain chain,
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

        var magic = await chain.FindNetworkMagicAsync(cancellation);
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
            // Whatever addresses it has: the chain that is asked is the one it is for.
            Network = magic is { } number
                ? (number == MainnetMagic ? NetworkId.Mainnet : NetworkId.Testnet)
                : TransactionExplainer.NetworkOf(transaction, outputs) ?? scene.Network,
            Parameters = given ?? await chain.GetParametersAsync(cancellation),
            Slots = slots,
            Scripts = scripts.ToImmutable(),
        };
    }
}
