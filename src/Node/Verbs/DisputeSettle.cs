using System.CommandLine;
using System.Text.Json.Nodes;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V2;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi dispute settle</c>: the transaction that divides the money as enough admins signed; anybody may submit it.</summary>
internal static class DisputeSettle
{
    public static Command Create()
    {
        var file = DisputeVerb.CaseFile();
        var script = new Option<string?>("--script")
        {
            Description = "The escrow's script: blueprint or CBOR; by default ours, or what the chain provider has.",
        };
        var reference = new Option<string?>("--reference") { Description = "An output that carries the script: TXID#INDEX." };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var (chain, mnemonic) = (new ChainOptions(required: true), new MnemonicOption());
        var command = new Command("settle", "Divides the money as enough admins signed, in a transaction that the mnemonic's wallet pays for.")
        {
            file,
            script,
            reference,
            json,
        };
        chain.AddTo(command);
        mnemonic.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
                DisputeVerb.GuardedAsync(
                    "settle",
                    async () =>
                    {
                        var dispute = DisputeCase.FromJson(HexFile.ReadAll(parsed.GetValue(file)!));
                        using var provider = chain.Open(parsed);
                        var carried = parsed.GetValue(reference) is { } at ? await DisputeVerb.OutputAsync(provider, TxInput.Parse(at), cancellation) : null;
                        var attached = carried is null ? await ScriptAsync(provider, dispute.Contract, parsed.GetValue(script), cancellation) : null;
                        if (carried is not null && carried.Output.ReferenceScript?.Hash != dispute.Contract.ScriptHash)
                        {
                            throw new FormatException($"{carried.Input} does not carry the script {dispute.Contract.ScriptHash}");
                        }

                        return await RunAsync(provider, dispute, attached, carried, mnemonic.Read(parsed), parsed.GetValue(json), cancellation);
                    }
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ProvidedChain provider,
        DisputeCase dispute,
        Script? script,
        Utxo? reference,
        WalletKeys keys,
        bool json,
        CancellationToken cancellation
    )
    {
        var wallet = new ChainWallet(provider, keys, dispute.Contract.Address.Network);
        var escrow = await DisputeVerb.OutputAsync(provider, dispute.Settlement.Escrow, cancellation);
        var (plan, parameters, slots, now) = await wallet.PlanAsync(cancellation);
        var transactions = new EscrowTransactions(dispute.Contract, script, parameters, slots);
        switch (transactions.SettleDispute(escrow, dispute.Settlement, dispute.Signatures, now))
        {
            case LegResult.Ready ready:
                var transaction = ChainWallet.Build(
                    EscrowPieces.Of(ready.Leg).AddTo(plan with { ReferenceInputs = reference is null ? [] : [reference] }),
                    parameters,
                    slots
                );
                var (code, outcome, reason) = await wallet.SubmitAsync(transaction, cancellation);
                Report(transaction, code, outcome, reason, json);
                return code;
            case LegResult.Failed { Reason: LegRefusal.Refused refused }:
                DisputeVerb.Refuses("settle", refused.Reasons);
                return ChainWallet.Refused;
            case LegResult.Failed { Reason: LegRefusal.NoWindow window }:
                await Console.Error.WriteLineAsync(
                    $"masumi dispute settle: {window.Reason.Rule}: {window.Reason.Supplied:u}; required: {window.Reason.Required:u}"
                );
                return ChainWallet.Refused;
            case LegResult.Failed failed:
                throw new FormatException($"{failed.Reason}");
            default:
                throw new InvalidOperationException();
        }
    }

    private static async Task<Script> ScriptAsync(ProvidedChain provider, EscrowContract contract, string? file, CancellationToken cancellation)
    {
        if (file is not null)
        {
            return ScriptFile.Read(HexFile.ReadAll(file, "--script"), ContractKind.Escrow).Resolve(contract.Family, contract.Parameters(), contract.ScriptHash);
        }

        var own = EscrowScript.Of(contract);
        return own.Hash == contract.ScriptHash
            ? own
            : await provider.FindScriptAsync(contract.ScriptHash, cancellation)
                ?? throw new FormatException($"nobody has the script {contract.ScriptHash} (ours with these parameters is {own.Hash})");
    }

    private static void Report(Transaction transaction, int code, string outcome, string? reason, bool json)
    {
        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["outcome"] = outcome,
                    ["reason"] = reason,
                    ["transaction"] = transaction.Id.ToString(),
                    ["fee"] = transaction.Body.Fee.Amount,
                    ["bytes"] = transaction.Size,
                }.ToJsonString()
            );
            return;
        }

        Console.WriteLine($"{outcome}: {transaction.Id}");
        if (reason is not null)
        {
            Console.Error.WriteLine(
                code == ChainWallet.Unclear ? $"no clear answer ({reason}): look for the transaction before settling again" : $"masumi dispute settle: {reason}"
            );
        }
    }
}
