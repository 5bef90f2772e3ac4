using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Tests.Escrow;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>A named change of a transaction.</summary>
internal sealed record Mutation(string Name, Action<Draft, Random> Apply);

/// <summary>
/// Changes of everything a contract looks at, one thing each. What they write stays within what both a validator and off-chain code can read (no negative
/// times), because off-chain code refuses the rest on purpose.
/// </summary>
internal static class Mutations
{
    /// <summary>Every single change that a transaction offers.</summary>
    public static IEnumerable<Mutation> Of(WholeTransaction whole)
    {
        var draft = new Draft(whole);
        foreach (var at in draft.Escrows)
        {
            for (var field = 0; field < Fields(draft.Spent[at].Output)!.Value.Length; field++)
            {
                var (i, f) = (at, field);
                yield return new($"datum field {f} of input {i}", (d, r) => Replace(d, i, o => WithField(o, f, r)));
            }

            yield return new($"value of input {at}", (d, r) => Replace(d, at, o => o with { Value = Change(o.Value, r) }));
            yield return new($"redeemer of input {at}", (d, r) => d.Redeemers[d.Spent[at].Input] = ChangeRedeemer(d, d.Redeemers[d.Spent[at].Input], r));
            yield return new($"address of input {at}", (d, r) => Replace(d, at, o => o with { Address = AnyAddress(d, r) }));
            yield return new($"datum of input {at}", (d, r) => Replace(d, at, o => o with { Datum = AnyDatum(d, r) }));
            yield return new($"input {at} twice", (d, r) => Repeat(d, at, r));
        }

        for (var output = 0; output < draft.Outputs.Count; output++)
        {
            var o = output;
            for (var field = 0; field < (Fields(draft.Outputs[o])?.Length ?? 0); field++)
            {
                var f = field;
                yield return new($"datum field {f} of output {o}", (d, r) => d.Outputs[o] = WithField(d.Outputs[o], f, r));
            }

            yield return new($"value of output {o}", (d, r) => d.Outputs[o] = d.Outputs[o] with { Value = Change(d.Outputs[o].Value, r) });
            yield return new($"address of output {o}", (d, r) => d.Outputs[o] = d.Outputs[o] with { Address = AnyAddress(d, r) });
            yield return new($"datum of output {o}", (d, r) => d.Outputs[o] = d.Outputs[o] with { Datum = AnyDatum(d, r) });
            yield return new($"reference script of output {o}", (d, _) => d.Outputs[o] = d.Outputs[o] with { ReferenceScript = RegistryScript.V2 });
            yield return new($"output {o} gone", (d, _) => d.Outputs.RemoveAt(Math.Min(o, d.Outputs.Count - 1)));
            yield return new($"output {o} twice", (d, _) => d.Outputs.Add(d.Outputs[o]));
            yield return new($"output {o} last", (d, _) => Move(d.Outputs, o));
        }

        for (var signer = 0; signer < draft.Signers.Count; signer++)
        {
            var s = signer;
            yield return new($"signer {s} gone", (d, _) => d.Signers.RemoveAt(Math.Min(s, d.Signers.Count - 1)));
            yield return new($"signer {s} another", (d, r) => d.Signers[s] = Pick(WholeTransactions.KeyHashes, r));
        }

        yield return new("one more signer", (d, r) => d.Signers.Add(Pick(WholeTransactions.KeyHashes, r)));
        yield return new("lower bound", (d, r) => d.Lower = Bound(d.Lower, r));
        yield return new("upper bound", (d, r) => d.Upper = Bound(d.Upper, r));
        yield return new("both bounds", (d, r) => (d.Lower, d.Upper) = (Bound(d.Lower, r), Bound(d.Upper, r)));
    }

    private static ImmutableArray<PlutusData>? Fields(TxOutput output) =>
        output.Datum is TxDatum.Inline { Datum.Data: PlutusData.Constr { Fields.Length: > 2 } constr } ? constr.Fields : null;

    private static void Replace(Draft draft, int at, Func<TxOutput, TxOutput> change) =>
        draft.Spent[at] = (draft.Spent[at].Input, change(draft.Spent[at].Output));

    private static TxOutput WithField(TxOutput output, int field, Random random) =>
        Fields(output) is { } fields && field < fields.Length
            ? output with
            {
                Datum = new TxDatum.Inline(Cardano.Transactions.Datum.Of(new PlutusData.Constr(0, fields.SetItem(field, ChangeField(fields[field], random))))),
            }
            : output;

    private static PlutusData ChangeField(PlutusData field, Random random) =>
        field switch
        {
            PlutusData.Integer number => PlutusData.I(ChangeNumber(number.Value, random)),
            PlutusData.Bytes bytes => PlutusData.B(ChangeBytes(bytes.Value.ToArray(), random)),
            PlutusData.Constr { Tag: 0, Fields: [PlutusData.Constr, PlutusData.Constr] } => AddressData.Encode(Pick(WholeTransactions.Parties, random)),
            // An optional address, or a state: told apart by what could stand there.
            PlutusData.Constr { Fields: [_] } => random.Next(3) == 0 ? PlutusData.C(1) : AddressData.EncodeOptional(Pick(WholeTransactions.Parties, random)),
            _ => PlutusData.C((ulong)random.Next(6)),
        };

    private static BigInteger ChangeNumber(BigInteger number, Random random) =>
        BigInteger.Max(
            0,
            random.Next(7) switch
            {
                0 => number + 1,
                1 => number - 1,
                2 => number + 1000,
                3 => number - 1000,
                4 => 0,
                5 => Milliseconds(random) + random.Next(-1, 2),
                _ => number + random.Next(-10_000_000, 10_000_000),
            }
        );

    private static byte[] ChangeBytes(byte[] bytes, Random random) =>
        random.Next(4) switch
        {
            0 => [],
            1 => [.. bytes, 7],
            2 when bytes.Length > 0 => [(byte)(bytes[0] ^ 1), .. bytes.AsSpan(1)],
            _ => [.. bytes.AsSpan(0, Math.Min(bytes.Length, random.Next(14, 18)))],
        };

    // No output is without ADA: the ledger asks for a minimum, and tools differ in how they show none to scripts.
    private static Value Change(Value value, Random random) =>
        random.Next(8) switch
        {
            0 => value.WithCoin(value.Coin + new Lovelace(1)),
            1 => value.WithCoin(Lovelace.Max(new Lovelace(1), value.Coin - new Lovelace(1))),
            2 => value.WithCoin(new Lovelace(random.NextInt64(1, 20_000_000))),
            3 => value + Value.Of(Lovelace.Zero, Scenes.Usdm, 1),
            4 => value + Value.Of(Lovelace.Zero, AssetId.Parse(new string('7', 56) + "aa"), 1),
            5 => Value.Of(value.Coin),
            6 => Value.Of(value.Coin, value.Assets.Select(a => KeyValuePair.Create(a.Key, a.Value > 1 ? a.Value - 1 : a.Value))),
            _ => value.WithCoin(new Lovelace(1)),
        };

    private static PlutusData ChangeRedeemer(Draft draft, PlutusData redeemer, Random random)
    {
        if (
            redeemer is PlutusData.Constr { Tag: 4, Fields: [PlutusData.Map buyer, PlutusData.Map seller, PlutusData.List { Items.Length: > 0 } signatures] }
            && random.Next(3) > 0
        )
        {
            return random.Next(6) switch
            {
                0 => PlutusData.C(4, buyer, seller, PlutusData.L([.. signatures.Items.Skip(1)])),
                1 => PlutusData.C(4, buyer, seller, PlutusData.L([.. signatures.Items, signatures.Items[0]])),
                2 => PlutusData.C(4, buyer, seller, PlutusData.L([.. Enumerable.Repeat(signatures.Items[0], 4)])),
                3 => PlutusData.C(4, seller, buyer, signatures),
                4 => PlutusData.C(4, PlutusData.M(), seller, signatures),
                _ => PlutusData.C(4, buyer, seller, PlutusData.L([WithField(signatures.Items[0], random), .. signatures.Items.Skip(1)])),
            };
        }

        // V2 settlements have arguments, the others have none; both ways of getting that wrong are rejected.
        var tag = (ulong)random.Next(8);
        return draft.Contract.Family == EscrowFamily.V2 && tag == 4 ? PlutusData.C(4, PlutusData.M(), PlutusData.M(), PlutusData.L()) : PlutusData.C(tag);

        static PlutusData WithField(PlutusData signature, Random random)
        {
            var fields = ((PlutusData.Constr)signature).Fields;
            var at = random.Next(3);
            var bytes = ((PlutusData.Bytes)fields[at]).Value.ToArray();
            bytes[random.Next(bytes.Length)] ^= 1;
            return new PlutusData.Constr(0, fields.SetItem(at, PlutusData.B(bytes)));
        }
    }

    // The same escrow under another reference, sometimes with a signature of its own.
    private static void Repeat(Draft draft, int at, Random random)
    {
        var (input, output) = draft.Spent[at];
        var other = new TxInput(TransactionId.Parse(Vectors.Repeat("12", 32)), draft.Spent.Count);
        var fields = Fields(output);
        if (random.Next(2) == 0 && fields is { } known)
        {
            var signature = draft.Contract.Family == EscrowFamily.V1 ? 3 : 5;
            var own = PlutusData.B(Enumerable.Repeat((byte)0xc7, 100).ToArray());
            output = output with { Datum = new TxDatum.Inline(Cardano.Transactions.Datum.Of(new PlutusData.Constr(0, known.SetItem(signature, own)))) };
        }

        draft.Spent.Add((other, output));
        draft.Redeemers[other] = draft.Redeemers[input];
    }

    private static Address AnyAddress(Draft draft, Random random) =>
        random.Next(5) switch
        {
            0 => draft.Contract.Address,
            1 => Address.Create(NetworkId.Testnet, draft.Contract.Address.Payment!.Value, Credential.Key(WholeTransactions.KeyHashes[0])),
            _ => Pick(WholeTransactions.Addresses, random),
        };

    private static TxDatum? AnyDatum(Draft draft, Random random) =>
        random.Next(4) switch
        {
            0 => null,
            1 => OutputReferenceData.Tag(draft.Spent[random.Next(draft.Spent.Count)].Input),
            2 => new TxDatum.ByHash(DatumHash.Parse(Vectors.Repeat("ab", 32))),
            _ => new TxDatum.Inline(Cardano.Transactions.Datum.Of(PlutusData.I(5))),
        };

    // Around a deadline: the slot before, the very slot, the slot after.
    private static Slot? Bound(Slot? bound, Random random) =>
        random.Next(6) switch
        {
            0 => null,
            1 when bound is { } b => new Slot(b.Number + 1),
            2 when bound is { } b => new Slot(b.Number - 1),
            _ => new Slot(WholeTransactions.Slots.SlotAt(DateTimeOffset.FromUnixTimeMilliseconds((long)Milliseconds(random))).Number + random.Next(-1, 2)),
        };

    private static BigInteger Milliseconds(Random random)
    {
        var times = WholeTransactions.Deadlines;
        return Pick([times.PayBy, times.SubmitResult, times.Unlock, times.ExternalDisputeUnlock], random).ToUnixTimeMilliseconds();
    }

    private static void Move(List<TxOutput> outputs, int at)
    {
        at = Math.Min(at, outputs.Count - 1);
        var output = outputs[at];
        outputs.RemoveAt(at);
        outputs.Add(output);
    }

    private static T Pick<T>(ImmutableArray<T> items, Random random) => items[random.Next(items.Length)];
}
