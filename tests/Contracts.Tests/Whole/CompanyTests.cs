using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>
/// Escrows of several contracts in one transaction: both families, the same contract with other parameters, ours beside the deployed ones, scripts that always
/// agree. The deployed ones are there where <c>MASUMI_DEPLOYED_ESCROW_V1</c> and <c>MASUMI_DEPLOYED_ESCROW_V2</c> name their files (see <see cref="DifferentialTests"/>).
/// </summary>
public class CompanyTests
{
    private static readonly ImmutableDictionary<Instance, Script> Ours = Instance.All.ToImmutableDictionary(i => i, i => i.Ours);

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void In_company_too_ours_differs_from_the_deployed_contract_only_where_the_table_says_so(EscrowFamily family)
    {
        var deployed = Deployed();
        var seed = Number("MASUMI_MUTATION_SEED") ?? Environment.TickCount;
        var count = Number("MASUMI_MUTATIONS") ?? 20_000;
        var random = new Random(seed);
        ImmutableArray<ImmutableDictionary<Instance, Script>> mixed = [Mixed(0), Mixed(1)];
        var (judged, wholeAccepted, wholeAlike, verdicts, accepted) = (0, 0, 0, 0, 0);
        var rows = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var unexplained = new List<string>();
        while (judged < count)
        {
            if (Make(family, random) is not { } company || company.Refusals(Ours) is not { } own || company.Refusals(deployed) is not { } theirs)
            {
                continue;
            }

            judged++;
            var (ownWhole, theirWhole) = (own.Values.All(r => r.IsEmpty), theirs.Values.All(r => r.IsEmpty));
            wholeAlike += ownWhole == theirWhole ? 1 : 0;
            wholeAccepted += ownWhole && theirWhole ? 1 : 0;
            foreach (var (instance, refusals) in own)
            {
                verdicts++;
                accepted += refusals.IsEmpty && theirs[instance].IsEmpty ? 1 : 0;
                if (refusals.IsEmpty == theirs[instance].IsEmpty)
                {
                    continue;
                }

                if (Differences.RowOf(company.SeenBy(instance), refusals) is { } row)
                {
                    rows[row] = rows.GetValueOrDefault(row) + 1;
                }
                else
                {
                    unexplained.Add($"{instance.Name} in [{company.Name}]: {Say(refusals)} by ours, {Say(theirs[instance])} by the deployed one");
                }
            }

            // Whose the others are must not matter.
            var world = mixed[judged % 2];
            foreach (var (instance, refusals) in company.Refusals(world)!)
            {
                var alone = (world[instance] == Ours[instance] ? own : theirs)[instance];
                if (alone.IsEmpty != refusals.IsEmpty)
                {
                    unexplained.Add($"{instance.Name} in [{company.Name}]: {Say(alone)}, and {Say(refusals)} beside others' contracts");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{family}, seed {seed}: {judged} transactions, {wholeAlike} judged alike, {wholeAccepted} accepted by all; {verdicts} verdicts, {accepted} accepted by both"
            )
        );
        foreach (var (row, times) in rows)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{times} {row}");
        }

        Assert.True(unexplained.Count == 0, $"seed {seed}: {unexplained.Count}\n{string.Join("\n", unexplained.Take(20))}");
        Assert.InRange(accepted, verdicts / 10, verdicts * 9 / 10);
        Assert.InRange(wholeAccepted, judged / 20, judged * 19 / 20);

        ImmutableDictionary<Instance, Script> Mixed(int parity) =>
            Instance.All.ToImmutableDictionary(i => i, i => Instance.All.IndexOf(i) is 0 or 3 == (parity == 0) ? Ours[i] : deployed[i]);
    }

    [Fact]
    public void No_output_pays_for_escrows_of_two_contracts_of_ours() => NoOutputPaysTwice(Ours);

    [Fact]
    public void No_output_pays_for_escrows_of_two_deployed_contracts() => NoOutputPaysTwice(Deployed());

    // A payout carries the reference of its escrow, and an output has one datum.
    private static void NoOutputPaysTwice(ImmutableDictionary<Instance, Script> scripts)
    {
        var merged = 0;
        foreach (var one in Instance.All)
        {
            foreach (var other in Instance.All.Where(i => i != one))
            {
                foreach (var (first, second) in Endings(one.Family).SelectMany(_ => Endings(other.Family), (a, b) => (a, b)))
                {
                    Company? Both() => Company.Of([(one, new Draft(first), first.Name), (other, new Draft(second), second.Name)]);
                    if (Both() is not { } honest)
                    {
                        continue;
                    }

                    Assert.All(honest.Refusals(scripts)!, r => Assert.Empty(r.Value));
                    for (var kept = 0; kept < honest.Outputs.Count; kept++)
                    {
                        for (var gone = 0; gone < honest.Outputs.Count; gone++)
                        {
                            var (mine, theirs) = (PaidBy(honest, kept), PaidBy(honest, gone));
                            if (mine is null || theirs is null || mine == theirs || honest.Outputs[kept].Address != honest.Outputs[gone].Address)
                            {
                                continue;
                            }

                            // What the party that acts sends to itself is due to nobody.
                            var without = Both()!;
                            without.Outputs.RemoveAt(gone);
                            if (without.Refusals(scripts)!.Values.All(r => r.IsEmpty))
                            {
                                continue;
                            }

                            var company = Both()!;
                            company.Merge(kept, gone);
                            Assert.All(company.Refusals(scripts)!, r => Assert.True(r.Value.IsEmpty == (r.Key == mine), $"{r.Key.Name} in [{company.Name}]"));
                            merged++;
                        }
                    }
                }
            }
        }

        Assert.InRange(merged, 50, int.MaxValue);
    }

    [Fact]
    public void One_output_serves_both_sides_of_one_escrow_where_they_share_an_address_in_ours() => OneOutputServesBothSides(Ours);

    [Fact]
    public void One_output_serves_both_sides_of_one_escrow_where_they_share_an_address_in_the_deployed_ones() => OneOutputServesBothSides(Deployed());

    // Both sides' return address is the same vault: what the seller's side gets is as good for the collateral, so the larger of both is due, not their sum.
    private static void OneOutputServesBothSides(ImmutableDictionary<Instance, Script> scripts)
    {
        foreach (var instance in Instance.All.Where(i => i.Family == EscrowFamily.V2))
        {
            foreach (
                var whole in Endings(EscrowFamily.V2)
                    .Where(w => w.Name.Contains("Withdraw from", StringComparison.Ordinal) && w.Name.Contains("return", StringComparison.Ordinal))
            )
            {
                var company = Company.Of([(instance, new Draft(whole), whole.Name)])!;
                var paid = Enumerable.Range(0, company.Outputs.Count).Where(i => PaidBy(company, i) == instance).ToList();
                Assert.Equal(2, paid.Count);
                company.Outputs.RemoveAt(paid.MinBy(i => company.Outputs[i].Value.Coin));
                Assert.All(company.Refusals(scripts)!, r => Assert.Empty(r.Value));
            }
        }
    }

    [Fact]
    public void One_output_serves_the_fee_and_the_buyer_where_the_buyer_has_the_fee_address_in_ours() => OneOutputServesFeeAndBuyer(Ours);

    [Fact]
    public void One_output_serves_the_fee_and_the_buyer_where_the_buyer_has_the_fee_address_in_the_deployed_ones() => OneOutputServesFeeAndBuyer(Deployed());

    private static void OneOutputServesFeeAndBuyer(ImmutableDictionary<Instance, Script> scripts)
    {
        foreach (var instance in Instance.All.Where(i => i.Family == EscrowFamily.V1))
        {
            foreach (var whole in Endings(EscrowFamily.V1).Where(w => w.Name.Contains("Withdraw from", StringComparison.Ordinal)))
            {
                var (draft, fee) = (new Draft(whole), whole.Contract.FeeAddress!);
                var (escrow, output) = draft.Spent[draft.Escrows[0]];
                var datum = (PlutusData.Constr)((TxDatum.Inline)output.Datum!).Datum.Data;
                var buyer = AddressData.Decode(datum.Fields[0], NetworkId.Testnet)!;
                var moved = new TxDatum.Inline(Datum.Of(new PlutusData.Constr(0, datum.Fields.SetItem(0, AddressData.Encode(fee)))));
                draft.Spent[draft.Escrows[0]] = (escrow, output with { Datum = moved });
                Assert.Equal(1, draft.Outputs.RemoveAll(o => o.Address == buyer));
                var toFee = draft.Outputs.FindIndex(o => o.Address == fee);
                var least = new Lovelace((long)((PlutusData.Integer)datum.Fields[6]).Value);
                draft.Outputs[toFee] = draft.Outputs[toFee] with
                {
                    Value = draft.Outputs[toFee].Value.WithCoin(Lovelace.Max(draft.Outputs[toFee].Value.Coin, least)),
                };
                Assert.All(Company.Of([(instance, draft, whole.Name)])!.Refusals(scripts)!, r => Assert.Empty(r.Value));
            }
        }
    }

    private static IEnumerable<WholeTransaction> Endings(EscrowFamily family) =>
        WholeTransactions
            .Of(family)
            .Where(w => w.Name.Contains(" Withdraw", StringComparison.Ordinal) && !w.Name.Contains("of three", StringComparison.Ordinal));

    // Whose escrow the output is tagged for.
    private static Instance? PaidBy(Company company, int output) =>
        company.Instances.FirstOrDefault(i =>
            company.SeenBy(i) is var draft
            && company.Outputs[output].Datum is TxDatum.Inline datum
            && draft.Escrows.Any(e => datum.Datum.Data.Equals(OutputReferenceData.Encode(draft.Spent[e].Input)))
        );

    private static Company? Make(EscrowFamily family, Random random)
    {
        var parts = new List<(Instance, Draft, string)>();
        var instances = Instance.All.Where(i => i.Family == family).ToImmutableArray();
        for (var i = random.Next(2, 4); i > 0; i--)
        {
            // The family in question, then any.
            var instance = parts.Count == 0 ? instances[random.Next(instances.Length)] : Instance.All[random.Next(Instance.All.Length)];
            var wholes = WholeTransactions.Of(instance.Family);
            var whole = wholes[random.Next(wholes.Length)];
            var draft = new Draft(whole);
            var name = whole.Name;
            try
            {
                if (random.Next(3) == 0)
                {
                    var mutations = Changes[whole.Name];
                    var mutation = mutations[random.Next(mutations.Length)];
                    mutation.Apply(draft, random);
                    name += $" ({mutation.Name})";
                }
            }
            catch (ArgumentOutOfRangeException)
            {
                return null;
            }

            parts.Add((instance, draft, name));
        }

        try
        {
            var company = Company.Of([.. parts]);
            for (var i = random.Next(3); i > 0; i--)
            {
                company?.Change(random);
            }

            return company;
        }
        catch (ArgumentOutOfRangeException)
        {
            // An earlier change took away what this one would change.
            return null;
        }
    }

    private static readonly ImmutableDictionary<string, ImmutableArray<Mutation>> Changes = Enum.GetValues<EscrowFamily>()
        .SelectMany(f => WholeTransactions.Of(f))
        .ToImmutableDictionary(w => w.Name, w => Mutations.Of(w).Concat(OddMutations.Of(w)).ToImmutableArray());

    private static ImmutableDictionary<Instance, Script> Deployed()
    {
        foreach (var family in Enum.GetValues<EscrowFamily>())
        {
            var variable = Instance.Variable(family);
            Assert.SkipWhen(Environment.GetEnvironmentVariable(variable) is not { Length: > 0 }, $"{variable} names no file with the deployed script.");
        }

        return Instance.All.ToImmutableDictionary(i => i, i => i.Deployed());
    }

    private static string Say(ImmutableArray<string> refusals) => refusals.IsEmpty ? "accepted" : $"refused ({string.Join("; ", refusals)})";

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
