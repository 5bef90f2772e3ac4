using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>
/// Changes that off-chain code never writes and refuses to read: data of other shapes, numbers of any size, results of any length, escrows at addresses with
/// a stake part. Only the chain judges them.
/// </summary>
internal static class OddMutations
{
    /// <summary>Every single change that a transaction offers.</summary>
    public static IEnumerable<Mutation> Of(WholeTransaction whole)
    {
        var draft = new Draft(whole);
        foreach (var at in draft.Escrows)
        {
            var i = at;
            yield return new($"odd datum of input {i}", (d, r) => d.Spent[i] = (d.Spent[i].Input, WithDatum(d.Spent[i].Output, f => Odd(f, r))));
            yield return new($"odd redeemer of input {i}", (d, r) => d.Redeemers[d.Spent[i].Input] = OddRedeemer(d.Redeemers[d.Spent[i].Input], r));
            yield return new($"stake part of escrow {i} and of what carries it on", (d, _) => Stake(d, i));
            yield return new($"odd datum of input {i} and of what carries it on", (d, r) => OddTogether(d, i, r));
            yield return new($"script party in input {i} and in what carries it on", (d, r) => ScriptParty(d, i, r));
        }

        for (var output = 0; output < draft.Outputs.Count; output++)
        {
            var o = output;
            yield return new($"odd datum of output {o}", (d, r) => d.Outputs[o] = WithDatum(d.Outputs[o], f => Odd(f, r)));
            yield return new($"result in output {o}", (d, r) => d.Outputs[o] = WithResult(d, d.Outputs[o], r));
        }
    }

    private static TxOutput WithDatum(TxOutput output, Func<PlutusData, PlutusData> change) =>
        output.Datum is TxDatum.Inline inline ? output with { Datum = new TxDatum.Inline(Datum.Of(change(inline.Datum.Data))) } : output;

    // Another shape at the outside, or of one field.
    private static PlutusData Odd(PlutusData data, Random random)
    {
        if (data is not PlutusData.Constr constr)
        {
            return data;
        }

        var fields = constr.Fields;
        return random.Next(8) switch
        {
            0 => new PlutusData.Constr(constr.Tag + 1, fields),
            1 => new PlutusData.Constr(constr.Tag, fields.Add(PlutusData.I(0))),
            2 when fields.Length > 0 => new PlutusData.Constr(constr.Tag, fields.RemoveAt(fields.Length - 1)),
            _ when fields.Length > 0 && random.Next(fields.Length) is var at => new PlutusData.Constr(
                constr.Tag,
                fields.SetItem(at, OddField(fields[at], random))
            ),
            _ => PlutusData.C((ulong)random.Next(9)),
        };
    }

    private static PlutusData OddField(PlutusData field, Random random) =>
        field switch
        {
            PlutusData.Integer number => random.Next(4) switch
            {
                0 => PlutusData.I(-number.Value - 1),
                1 => PlutusData.I(BigInteger.One << 70),
                2 => PlutusData.I(-(BigInteger.One << 70)),
                _ => PlutusData.B(new byte[] { 1 }),
            },
            PlutusData.Bytes bytes => random.Next(3) switch
            {
                0 => PlutusData.B(new byte[random.Next(0, 40)]),
                1 => PlutusData.I(bytes.Value.Length),
                _ => PlutusData.L(field),
            },
            PlutusData.Constr { Fields.Length: > 0 } => Odd(field, random),
            _ => random.Next(3) switch
            {
                0 => PlutusData.C((ulong)random.Next(9)),
                1 => PlutusData.C((ulong)random.Next(2), field),
                _ => PlutusData.I(0),
            },
        };

    private static PlutusData OddRedeemer(PlutusData redeemer, Random random) =>
        random.Next(3) switch
        {
            0 when redeemer is PlutusData.Constr c => new PlutusData.Constr(c.Tag, c.Fields.Add(PlutusData.I(1))),
            1 => PlutusData.C((ulong)random.Next(4, 200)),
            _ => Odd(redeemer, random),
        };

    // The same change where the escrow is spent and where it goes on.
    private static void OddTogether(Draft draft, int at, Random random)
    {
        var seed = random.Next();
        Together(draft, at, fields => ((PlutusData.Constr)Odd(PlutusData.C(0, [.. fields]), new Random(seed))).Fields);
    }

    private static void ScriptParty(Draft draft, int at, Random random)
    {
        var isV2 = draft.Contract.Family == EscrowFamily.V2;
        var field = random.Next(isV2 ? 4 : 2);
        var address = AddressData.Encode(WholeTransactions.Parties[^(1 + random.Next(3))]);
        Together(draft, at, fields => fields.SetItem(field, isV2 && field is 1 or 3 ? PlutusData.C(0, address) : address));
    }

    private static void Together(Draft draft, int at, Func<ImmutableArray<PlutusData>, ImmutableArray<PlutusData>> change)
    {
        draft.Spent[at] = (draft.Spent[at].Input, Change(draft.Spent[at].Output));
        for (var o = 0; o < draft.Outputs.Count; o++)
        {
            if (draft.Outputs[o].Address.Payment == draft.Contract.Address.Payment)
            {
                draft.Outputs[o] = Change(draft.Outputs[o]);
            }
        }

        TxOutput Change(TxOutput output) =>
            WithDatum(output, d => d is PlutusData.Constr { Fields.Length: > 2 } c ? new PlutusData.Constr(c.Tag, change(c.Fields)) : d);
    }

    private static void Stake(Draft draft, int at)
    {
        var staked = Address.Create(NetworkId.Testnet, draft.Contract.Address.Payment!.Value, Credential.Key(WholeTransactions.KeyHashes[0]));
        draft.Spent[at] = (draft.Spent[at].Input, draft.Spent[at].Output with { Address = staked });
        for (var o = 0; o < draft.Outputs.Count; o++)
        {
            if (draft.Outputs[o].Address == draft.Contract.Address)
            {
                draft.Outputs[o] = draft.Outputs[o] with { Address = staked };
            }
        }
    }

    private static TxOutput WithResult(Draft draft, TxOutput output, Random random) =>
        WithDatum(
            output,
            d =>
                d is PlutusData.Constr { Fields.Length: > 2 } c && (draft.Contract.Family == EscrowFamily.V2 ? 11 : 8) is var field
                    ? new PlutusData.Constr(c.Tag, c.Fields.SetItem(field, PlutusData.B(new byte[((int[])[0, 1, 31, 32, 33, 64, 200])[random.Next(7)]])))
                    : d
        );
}
