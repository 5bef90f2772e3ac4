using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Tests.Scenarios;
using Masumi.OnChain.Language;
using Masumi.Plutus;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>
/// The transaction that gives a script the context of a scenario, with the outputs it spends. Only what scripts see is there: no fee is balanced and nobody signs.
/// A slot is a millisecond, so that every bound of a scenario is one of a transaction. Where a scenario has several outputs of the script, all are spent with
/// the same redeemer.
/// </summary>
internal sealed record ScenarioTransaction(Transaction Transaction, ImmutableSortedDictionary<TxInput, TxOutput> Spent, RedeemerPointer Own)
{
    public static readonly SlotConfig Slots = new(DateTimeOffset.UnixEpoch, new Slot(0), TimeSpan.FromMilliseconds(1));

    private static readonly ExUnits Limit = ProtocolParameters.Mainnet.MaxTxExUnits;
    private static readonly PlutusEvaluator Evaluator = new();

    /// <summary>Null when no transaction has such a context: another purpose, an own output that is not spent, another datum than there stands,
    /// a key that signs twice, a token's name that is too long.</summary>
    public static ScenarioTransaction? TryOf(UplcProgram program, PlutusData context)
    {
        var script = program.ToScript(ScriptLanguage.PlutusV3);
        if (context is not PlutusData.Constr { Fields: [_, _, PlutusData.Constr { Fields: [var subject, ..] }] })
        {
            return null;
        }

        // Scenarios call the script by a name of their own.
        var name = subject is PlutusData.Bytes policy
            ? policy
            : ((PlutusData.Bytes)((PlutusData.Constr)((PlutusData.Constr)Parties.Escrow).Fields[0]).Fields[0]);
        var named = (PlutusData.Constr)Rename(context, name, PlutusData.B(script.Hash.ToArray()));

        // Whatever else is minted needs a script too, one that always agrees: all of nothing.
        var anything = new Script(ScriptLanguage.Native, Convert.FromHexString("820180"));
        foreach (
            var (other, _) in ((PlutusData.Map)((PlutusData.Constr)named.Fields[0]).Fields[4]).Entries.Where(p =>
                !p.Key.Equals(PlutusData.B(script.Hash.ToArray()))
            )
        )
        {
            named = (PlutusData.Constr)Rename(named, other, PlutusData.B(anything.Hash.ToArray()));
        }

        var info = (PlutusData.Constr)named.Fields[2];
        var parts = ((PlutusData.Constr)named.Fields[0]).Fields;
        var signers = ((PlutusData.List)parts[8]).Items.Select(s => new KeyHash(new Hash28(((PlutusData.Bytes)s).Value.Span))).ToImmutableArray();
        if (signers.Distinct().Count() != signers.Length || !IsValue(parts[4]))
        {
            return null;
        }

        var datums = ImmutableArray.CreateBuilder<Datum>();
        var own = info.Tag == 1 ? OutputReferenceData.Decode(info.Fields[0]) : null;
        var ownDatum = info is { Tag: 1, Fields: [_, PlutusData.Constr { Tag: 0, Fields: [var given] }] } ? given : null;
        var spent = ImmutableSortedDictionary.CreateBuilder<TxInput, TxOutput>();
        foreach (var input in ((PlutusData.List)parts[0]).Items.Cast<PlutusData.Constr>())
        {
            var reference = OutputReferenceData.Decode(input.Fields[0])!.Value;
            var output = Output(input.Fields[1]);
            if (reference == own && output.Datum is TxDatum.ByHash && ownDatum is not null)
            {
                datums.Add(Datum.Of(ownDatum));
                output = output with { Datum = new TxDatum.ByHash(datums[0].Hash) };
            }
            else if (reference == own && (output.Datum as TxDatum.Inline)?.Datum.Data.Equals(ownDatum) is not true)
            {
                return null;
            }

            spent.Add(reference, output);
        }

        var mint = Amounts(parts[4]);
        var pointers = info.Tag switch
        {
            0 => [new RedeemerPointer(RedeemerTag.Mint, mint.Assets.Keys.Select(a => a.Policy).Distinct().ToList().IndexOf(script.Hash.ToPolicyId()))],
            1 when own is { } o && spent.ContainsKey(o) => spent
                .Select((s, index) => (s.Value.Address, Pointer: new RedeemerPointer(RedeemerTag.Spend, index)))
                .Where(s => s.Address.Payment?.AsScript == script.Hash)
                .Select(s => s.Pointer)
                .ToList(),
            _ => (List<RedeemerPointer>)[],
        };
        if (pointers.Count == 0 || pointers[0].Index < 0)
        {
            return null;
        }

        var body = new TransactionBody
        {
            Inputs = [.. spent.Keys],
            Outputs = [.. ((PlutusData.List)parts[2]).Items.Select(Output)],
            Fee = new Lovelace(200_000),
            Mint = mint,
            RequiredSigners = signers,
            InvalidBefore = Bound(parts[7], 0),
            InvalidHereafter = Bound(parts[7], 1),
        };
        var witnesses = new WitnessSet
        {
            Scripts = mint.Assets.Keys.Any(a => a.Policy == anything.Hash.ToPolicyId()) ? [script, anything] : [script],
            Datums = datums.ToImmutable(),
            Redeemers = [.. pointers.Select(p => new Redeemer(p, Datum.Of(named.Fields[1]), Limit))],
        };
        var ownPointer = own is { } reference1 ? new RedeemerPointer(RedeemerTag.Spend, spent.Keys.ToList().IndexOf(reference1)) : pointers[0];
        return new ScenarioTransaction(Transaction.Create(body, witnesses), spent.ToImmutable(), ownPointer);
    }

    /// <summary>What the script of the scenario says; the others' verdicts are theirs.</summary>
    public string? Failure()
    {
        var evaluation = Evaluator.Evaluate(Transaction, Spent, WholeTransactions.Parameters, Slots);
        return evaluation.ContextFailure ?? evaluation.Executions.Single(e => e.Pointer == Own).Failure;
    }

    private static Slot? Bound(PlutusData range, int side) =>
        ((PlutusData.Constr)((PlutusData.Constr)range).Fields[side]).Fields[0] is PlutusData.Constr { Tag: 1, Fields: [PlutusData.Integer time] }
            ? new Slot((long)time.Value)
            : null;

    private static TxOutput Output(PlutusData data)
    {
        var fields = ((PlutusData.Constr)data).Fields;
        return new TxOutput(
            AddressData.Decode(fields[0], NetworkId.Testnet)!,
            Amounts(fields[1]),
            fields[2] switch
            {
                PlutusData.Constr { Tag: 1, Fields: [PlutusData.Bytes hash] } => new TxDatum.ByHash(new DatumHash(new Hash32(hash.Value.Span))),
                PlutusData.Constr { Tag: 2, Fields: [var datum] } => new TxDatum.Inline(Datum.Of(datum)),
                _ => null,
            },
            // Any script will do: contracts see its hash.
            fields[3] is PlutusData.Constr { Tag: 0 }
                ? new Script(ScriptLanguage.Native, Convert.FromHexString("820400"))
                : null
        );
    }

    private static bool IsValue(PlutusData data) =>
        ((PlutusData.Map)data).Entries.All(p => ((PlutusData.Map)p.Value).Entries.All(n => ((PlutusData.Bytes)n.Key).Value.Length <= 32));

    private static Value Amounts(PlutusData data)
    {
        var coin = BigInteger.Zero;
        var assets = new List<KeyValuePair<AssetId, Int128>>();
        foreach (var (policy, names) in ((PlutusData.Map)data).Entries)
        {
            foreach (var (name, quantity) in ((PlutusData.Map)names).Entries)
            {
                var amount = ((PlutusData.Integer)quantity).Value;
                if (((PlutusData.Bytes)policy).Value is { IsEmpty: false } id)
                {
                    assets.Add(new(new AssetId(new PolicyId(new Hash28(id.Span)), new AssetName(((PlutusData.Bytes)name).Value.Span)), (Int128)amount));
                }
                else
                {
                    coin += amount;
                }
            }
        }

        return Value.Of(new Lovelace((long)coin), assets);
    }

    private static PlutusData Rename(PlutusData data, PlutusData from, PlutusData to) =>
        data switch
        {
            PlutusData.Constr constr => PlutusData.C(constr.Tag, [.. constr.Fields.Select(f => Rename(f, from, to))]),
            PlutusData.List list => PlutusData.L([.. list.Items.Select(i => Rename(i, from, to))]),
            PlutusData.Map map => PlutusData.M([.. map.Entries.Select(e => KeyValuePair.Create(Rename(e.Key, from, to), Rename(e.Value, from, to)))]),
            _ => data.Equals(from) ? to : data,
        };
}
