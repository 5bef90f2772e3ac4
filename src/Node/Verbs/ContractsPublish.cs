using System.CommandLine;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Node.Typed;

namespace Masumi.Node.Verbs;

/// <summary>
/// <c>masumi contracts publish</c>: an output that carries a contract's script, so that transactions name it instead of containing it. It lies at the
/// publisher's enterprise address, where the wallet of the node does not look for money, and its ADA can be taken back.
/// </summary>
internal static class ContractsPublish
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "One of ours: " + string.Join(", ", ContractCatalog.Own.Select(c => c.Name)),
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.AcceptOnlyFromAmong([.. ContractCatalog.Own.Select(c => c.Name)]);
        var hash = new Option<string?>("--hash") { Description = "Instead of one of ours: the script with this hash, from the chain provider or --script." };
        var file = new Option<string?>("--script") { Description = "A script file: blueprint or CBOR; its parameters are applied as the hash asks." };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var (chain, options, mnemonic) = (new ChainOptions(required: true), new ContractOptions(), new MnemonicOption());
        var command = new Command("publish", "Puts a contract's script on chain for reference, paid by a wallet; prints the output.")
        {
            name,
            hash,
            file,
            json,
        };
        chain.AddTo(command);
        options.AddTo(command);
        mnemonic.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                try
                {
                    using var provider = chain.Open(parsed);
                    ScriptHash? wanted = parsed.GetValue(hash) is { } text ? ScriptHash.Parse(text) : null;
                    var script = await ScriptAsync(provider, parsed.GetValue(name), parsed.GetValue(file), wanted, options, parsed, cancellation);
                    return await RunAsync(provider, script, mnemonic.Read(parsed), options.Network(parsed), parsed.GetValue(json), cancellation);
                }
                catch (Exception e) when (ContractsVerb.IsInput(e))
                {
                    await Console.Error.WriteLineAsync($"masumi contracts publish: {ContractsVerb.Words(e)}");
                    return 2;
                }
            }
        );
        return command;
    }

    private static async Task<Script> ScriptAsync(
        ProvidedChain provider,
        string? name,
        string? file,
        ScriptHash? hash,
        ContractOptions options,
        ParseResult parsed,
        CancellationToken cancellation
    )
    {
        if (file is not null)
        {
            var found =
                name is not null || hash is null
                    ? throw new FormatException("--script goes with --hash, which says what the script must be")
                    : ExpectedForms(file, hash.Value, options, parsed);
            return found ?? throw new FormatException($"{file} in no form is {hash}");
        }

        if (name is not null && hash is null)
        {
            var contract = ContractsVerb.Named(name);
            return contract.Script(options.OwnInstance(parsed, contract.Family));
        }

        return name is null && hash is { } wanted
            ? await provider.FindScriptAsync(wanted, cancellation) ?? throw new FormatException($"the chain does not know the script {wanted}")
            : throw new FormatException("either a NAME or a --hash is needed");
    }

    private static Script? ExpectedForms(string path, ScriptHash hash, ContractOptions options, ParseResult parsed)
    {
        var bytes = HexFile.ReadAll(path);
        FormatException? refusal = null;
        foreach (var contract in ContractCatalog.Own)
        {
            try
            {
                var instance = options.DeployedInstance(parsed, contract.Family);
                if (
                    ScriptFile.Read(bytes, contract.Kind).Find(hash, [.. ContractCatalog.Parameters(contract.Kind, instance).Select(p => p.Value)]) is { } found
                )
                {
                    return found.Script;
                }
            }
            catch (FormatException e)
            {
                // A blueprint may hold the validator of one kind only.
                refusal = e;
            }
        }

        return refusal is null ? null : throw refusal;
    }

    private static async Task<int> RunAsync(
        ProvidedChain provider,
        Script script,
        WalletKeys keys,
        NetworkId network,
        bool json,
        CancellationToken cancellation
    )
    {
        var wallet = new ChainWallet(provider, keys, network);
        var owner = Address.Create(network, Credential.Key(keys.Payment.KeyHash));
        var standing = (await provider.GetUtxosAsync(owner, cancellation)).FirstOrDefault(u => u.Output.ReferenceScript?.Hash == script.Hash);
        if (standing is not null)
        {
            return Report(script, standing, ChainWallet.Done, "already published", null, null, json);
        }

        var (plan, parameters, slots, _) = await wallet.PlanAsync(cancellation);
        var output = ReferenceScripts.Output(script, owner, parameters);
        var transaction = ChainWallet.Build(plan with { Outputs = [output] }, parameters, slots);
        var (code, outcome, reason) = await wallet.SubmitAsync(transaction, cancellation);
        return Report(script, new Utxo(new TxInput(transaction.Id, 0), output), code, outcome, reason, transaction, json);
    }

    private static int Report(Script script, Utxo reference, int code, string outcome, string? reason, Transaction? transaction, bool json)
    {
        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["outcome"] = outcome,
                    ["reason"] = reason,
                    ["reference"] = reference.Input.ToString(),
                    ["address"] = reference.Output.Address.ToString(),
                    ["lovelace"] = reference.Output.Value.Coin.Amount,
                    ["scriptHash"] = script.Hash.ToString(),
                    ["sizeBytes"] = script.Bytes.Length,
                    ["fee"] = transaction?.Body.Fee.Amount,
                }.ToJsonString()
            );
            return code;
        }

        Console.WriteLine($"{outcome}: {reference.Input}");
        var locked = TypedAmounts.Show(reference.Output.Value, TypedAmounts.On(reference.Output.Address.Network));
        Console.WriteLine($"script {script.Hash} ({script.Bytes.Length} bytes), {locked} at {reference.Output.Address}");
        if (code == ChainWallet.Unclear)
        {
            Console.Error.WriteLine($"no clear answer ({reason}): look for the output before publishing again");
        }
        else if (reason is not null)
        {
            Console.Error.WriteLine($"masumi contracts publish: {reason}");
        }

        return code;
    }
}
