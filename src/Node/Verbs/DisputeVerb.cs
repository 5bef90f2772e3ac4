using System.CommandLine;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V2;
using Masumi.Node.Typed;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

namespace Masumi.Node.Verbs;

/// <summary>
/// <c>masumi dispute</c>: settles a disputed V2 escrow, step by step over JSON: somebody proposes, admins sign once the time has come, the signatures are
/// collected, anybody settles. What each step makes goes to standard output, what it says about it to standard error.
/// </summary>
internal static class DisputeVerb
{
    public static Command Create() =>
        new("dispute", "Settles disputed escrows: admins divide the money (V2 rules).") { Intent(), Sign(), Collect(), DisputeSettle.Create() };

    /// <summary>The file with the case, which every step after the first takes.</summary>
    public static Argument<string> CaseFile() =>
        new("CASE") { Description = "The dispute, as 'dispute intent' and the later steps print it; '-' reads standard input." };

    /// <summary>What went wrong with what the caller gave is one line.</summary>
    public static async Task<int> GuardedAsync(string verb, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (ContractsVerb.IsInput(e))
        {
            await Console.Error.WriteLineAsync($"masumi dispute {verb}: {ContractsVerb.Words(e)}");
            return 2;
        }
    }

    /// <summary>An output as the chain has it. Throws <see cref="FormatException"/> when it does not, or no longer.</summary>
    public static async Task<Utxo> OutputAsync(IChain provider, TxInput input, CancellationToken cancellation)
    {
        var output =
            (await provider.ResolveAsync([input], cancellation)).FirstOrDefault(u => u.Input == input)
            ?? throw new FormatException($"the chain does not know the output {input}");
        return (await provider.GetUtxosAsync(output.Output.Address, cancellation)).Any(u => u.Input == input)
            ? output
            : throw new FormatException($"the output {input} has been spent already");
    }

    private static Command Intent()
    {
        var escrow = new Option<string>("--escrow") { Description = "The disputed output: TXID#INDEX.", Required = true };
        var buyer = Amounts("--buyer", "the buyer");
        var seller = Amounts("--seller", "the seller");
        var foreign = new Option<bool>("--foreign-script")
        {
            Description = "The contract is another build of the script: take the parameters as given, though its address does not follow from them.",
        };
        var (chain, options) = (new ChainOptions(required: true), new ContractOptions());
        var command = new Command("intent", "Proposes how to divide a disputed escrow, and prints the case with the hash admins sign.")
        {
            escrow,
            buyer,
            seller,
            foreign,
            Json(),
        };
        chain.AddTo(command);
        options.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
                GuardedAsync(
                    "intent",
                    async () =>
                    {
                        using var provider = chain.Open(parsed);
                        var utxo = await OutputAsync(provider, TxInput.Parse(parsed.GetValue(escrow)!), cancellation);
                        var network = TypedAmounts.On(utxo.Output.Address.Network);
                        var contract = new EscrowContract(options.Parameters(parsed, EscrowFamily.V2), utxo.Output.Address);
                        if (!parsed.GetValue(foreign) && !ContractCatalog.Follows(contract))
                        {
                            throw new FormatException(
                                $"{contract.Address} is not the contract with {contract.RequiredAdmins} of these admins and this cooldown: give --required-admins, --admin and "
                                    + "--cooldown as it was made with ('masumi deals why' prints them), or --foreign-script for another build of the script"
                            );
                        }

                        var settlement = new DisputeSettlement(utxo.Input, Parse(parsed.GetValue(buyer)!, network), Parse(parsed.GetValue(seller)!, network));
                        if (settlement.BuyerValue.IsZero && settlement.SellerValue.IsZero)
                        {
                            throw new FormatException("neither --buyer nor --seller gets anything: all would go to whoever submits the settlement");
                        }

                        var dispute = new DisputeCase(contract, settlement, []);
                        if (Refuses("intent", dispute.Refusals(utxo, null)))
                        {
                            return 1;
                        }

                        Explain(dispute, utxo);
                        Console.Write(dispute.ToJson());
                        return 0;
                    }
                )
        );
        return command;
    }

    private static Command Sign()
    {
        var file = CaseFile();
        var mode = new Option<string>("--mode")
        {
            Description = "What is signed, as CIP-8 has it: 'raw' the intent, 'hashed' its hash.",
            DefaultValueFactory = _ => "raw",
        };
        mode.AcceptOnlyFromAmong("raw", "hashed");
        var (chain, mnemonic) = (new ChainOptions(required: true), new MnemonicOption());
        var command = new Command(
            "sign",
            "Signs as an admin, only once the escrow's external_dispute_unlock_time has come on chain; prints the case with the signature."
        )
        {
            file,
            mode,
            Json(),
        };
        chain.AddTo(command);
        mnemonic.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
                GuardedAsync(
                    "sign",
                    async () =>
                    {
                        var dispute = DisputeCase.FromJson(HexFile.ReadAll(parsed.GetValue(file)!));
                        using var provider = chain.Open(parsed);
                        var utxo = await OutputAsync(provider, dispute.Settlement.Escrow, cancellation);
                        var tip = await provider.GetTipAsync(cancellation);
                        if (Refuses("sign", dispute.Refusals(utxo, tip.Time)))
                        {
                            return 1;
                        }

                        var keys = mnemonic.Read(parsed);
                        var signature = dispute.Sign(keys.Payment, keys.BaseAddress(dispute.Contract.Address.Network), parsed.GetValue(mode) == "hashed");
                        if (dispute.With(signature, out var refusal) is not { } signed)
                        {
                            Refuses("sign", [refusal!]);
                            return 1;
                        }

                        Explain(signed, utxo);
                        Console.Write(signed.ToJson());
                        return 0;
                    }
                )
        );
        return command;
    }

    private static Command Collect()
    {
        var file = CaseFile();
        var more = new Argument<string[]>("SIGNED")
        {
            Description = "The same case as others signed it, or what a CIP-30 wallet's signData gave: {\"signature\", \"key\"}.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("collect", "Puts signatures from several files into one case; each is checked.") { file, more, Json() };
        command.SetAction(
            (parsed, _) =>
                GuardedAsync(
                    "collect",
                    () =>
                    {
                        var dispute = DisputeCase.FromJson(HexFile.ReadAll(parsed.GetValue(file)!));
                        var refused = false;
                        foreach (var path in parsed.GetValue(more)!)
                        {
                            foreach (var signature in DisputeCase.ReadSignatures(HexFile.ReadAll(path, more.Name)))
                            {
                                var with = dispute.With(signature, out var refusal);
                                refused |= with is null && Refuses($"collect: {path}", [refusal!]);
                                dispute = with ?? dispute;
                            }
                        }

                        Console.Error.WriteLine($"{dispute.Votes} votes; required: {dispute.Contract.RequiredAdmins}");
                        Console.Write(dispute.ToJson());
                        return Task.FromResult(refused ? 1 : 0);
                    }
                )
        );
        return command;
    }

    /// <summary>Says every refusal on a line of its own; true when there is one.</summary>
    public static bool Refuses(string verb, IReadOnlyCollection<RuleRefusal> refusals)
    {
        foreach (var refusal in refusals)
        {
            Console.Error.WriteLine($"masumi dispute {verb}: {refusal}");
        }

        return refusals.Count > 0;
    }

    private static void Explain(DisputeCase dispute, Utxo escrow)
    {
        var network = TypedAmounts.On(dispute.Contract.Address.Network);
        var (buyer, seller) = (TypedAmounts.Show(dispute.Settlement.BuyerValue, network), TypedAmounts.Show(dispute.Settlement.SellerValue, network));
        Console.Error.WriteLine($"the buyer gets at least {buyer}, the seller at least {seller}");
        if (dispute.Unassigned(escrow.Output.Value) is { IsZero: false } rest)
        {
            Console.Error.WriteLine($"{TypedAmounts.Show(rest, network)} is promised to nobody: it goes to whoever submits the settlement");
        }

        if (!ContractCatalog.Follows(dispute.Contract))
        {
            Console.Error.WriteLine(
                $"note: neither our contract with these parameters nor a deployed one is at {dispute.Contract.Address}; are its admins, the votes required and the cooldown as in this case?"
            );
        }

        if (EscrowDatum.TryRead(escrow.Output, EscrowFamily.V2, out var datum, out _))
        {
            Console.Error.WriteLine($"admins may sign from {datum.Deadlines.ExternalDisputeUnlock:u}");
        }

        Console.Error.WriteLine($"intent {dispute.Settlement.Intent()}, {dispute.Votes} votes; required: {dispute.Contract.RequiredAdmins}");
    }

    // What these verbs print is JSON anyway; the option is taken so that every verb has it.
    private static Option<bool> Json() => new("--json") { Description = "As without: a case is JSON." };

    private static Option<string[]> Amounts(string name, string who) =>
        new(name)
        {
            Description = $"The least {who} gets, as often as needed: {TypedAmounts.Forms}.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };

    private static Value Parse(string[] amounts, Network network) => DisputeCase.ParseAmounts(TypedAmounts.Join(amounts).Select(a => Parse(a, network)));

    // Nothing at all can only be said as UNIT=0.
    private static KeyValuePair<string, string> Parse(string amount, Network network)
    {
        if (amount.Split('=') is [var unit, var quantity])
        {
            return KeyValuePair.Create(unit, quantity);
        }

        var typed = AmountText.Parse(amount, network);
        return KeyValuePair.Create(typed.Unit.IsAda ? "lovelace" : $"{typed.Unit}", typed.AmountText);
    }
}
