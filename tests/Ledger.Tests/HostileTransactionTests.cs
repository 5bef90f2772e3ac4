using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using Masumi.Plutus;
using static Masumi.Ledger.Tests.CertificateWorld;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>Whatever decodes is judged: accepted or refused, never an exception.</summary>
public sealed class HostileTransactionTests
{
    private const int Rounds = 4_000;

    private static readonly DRep Abstain = new DRep.AlwaysAbstain();
    private static readonly PlutusEvaluator Evaluator = new();

    // One of everything, so that changed bytes reach every rule.
    private static readonly CertState Certs = CertState
        .Empty.Registered(AlicesStake, rewards: 7, drep: Abstain)
        .Registered(Contract)
        .WithPool(Pool)
        .WithDRep(BobsStake)
        .WithMember(BobsStake);

    [Fact]
    public void Changed_bytes_are_refused_or_judged()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
#pragma warning disable CA5394 // Reproducible, from the seed printed.
        var random = new Random(seed);
        var seeds = Transactions().ToArray();
        var world = At(11, Certs);
        world = world with
        {
            State = world.State with { Utxos = world.State.Utxos.AddRange(new World().State.Utxos.Where(u => !world.State.Utxos.ContainsKey(u.Key))) },
        };
        var judged = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = seeds[random.Next(seeds.Length)].Bytes.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) switch
                {
                    0 => (byte)random.Next(256),
                    1 => 0xff,
                    _ => 0x1b,
                };
            }

            try
            {
                Conway.Apply(world.State, world.Environment, Transaction.FromCbor(bytes), Evaluator);
                judged++;
            }
            catch (CborFormatException)
            {
                // Not a transaction any more.
            }
        }

        Assert.True(judged > Rounds / 20, $"only {judged} of {Rounds} still decode: the test tests too little");
    }

    [Fact]
    public void What_the_changes_start_from_is_valid()
    {
        var world = At(11, Certs);
        var body = Everything();

        Valid(world.Apply(body.Body with { ScriptDataHash = world.DataHash(body.Witnesses, ScriptLanguage.PlutusV3) }, body.Witnesses, signers: Everyone));
    }

    [Theory]
    [InlineData(ScriptLanguage.PlutusV3, "450101002499", true)]
    [InlineData(ScriptLanguage.PlutusV3, "45010100249900", false)] // a byte after it
    [InlineData(ScriptLanguage.PlutusV2, "45010000249900", true)]
    [InlineData(ScriptLanguage.PlutusV3, "4601010024990 1", false)] // a byte inside after the program
    [InlineData(ScriptLanguage.PlutusV3, "58050101002499", true)] // a longer head than needed
    [InlineData(ScriptLanguage.PlutusV3, "5f450101002499ff", false)] // in chunks
    [InlineData(ScriptLanguage.PlutusV3, "", false)]
    [InlineData(ScriptLanguage.PlutusV3, "40", false)]
    public void A_script_is_one_byte_string_with_one_program(ScriptLanguage language, string bytes, bool wellFormed)
    {
        var script = new Script(language, Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal(wellFormed, Rules.MalformedScripts.IsWellFormed(script, ProtocolParameters.Mainnet));
    }

    [Fact]
    public void Any_bytes_are_a_script_or_none()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var program = new byte[random.Next(1, 400)];
            random.NextBytes(program);
            for (var i = random.Next(4); i < program.Length; i += random.Next(1, 20))
            {
                // Long runs of one thing nest deeply.
                program[i] = program[i / 2];
            }

            byte[] bytes = [0x59, (byte)((program.Length + 3) >> 8), (byte)(program.Length + 3), 1, 1, 0, .. program];
            foreach (var language in (ScriptLanguage[])[ScriptLanguage.PlutusV1, ScriptLanguage.PlutusV2, ScriptLanguage.PlutusV3])
            {
                Rules.MalformedScripts.IsWellFormed(new Script(language, bytes), ProtocolParameters.Mainnet);
            }
        }
    }

    [Theory]
    [InlineData(0x22)] // lam, lam, ..
    [InlineData(0x33)] // apply
    [InlineData(0x55)] // force
    [InlineData(0x11)] // delay
    [InlineData(0x88)] // constr
    [InlineData(0x99)] // case
    [InlineData(0xbd)]
    [InlineData(0xff)]
    public void Scripts_of_one_byte_repeated_are_judged(byte each)
    {
        byte[] bytes = [0x5a, 0, 3, 0x0d, 0x43, 1, 1, 0, .. Enumerable.Repeat(each, 200_000)];

        Assert.False(Rules.MalformedScripts.IsWellFormed(new Script(ScriptLanguage.PlutusV3, bytes), ProtocolParameters.Mainnet));
    }

    [Fact]
    public void Evaluating_costs_at_most_ten_times_the_limit_of_one_script_however_many_there_are()
    {
        var world = new World();
        var utxos = Enumerable.Range(0, 15).ToDictionary(i => Reference(77, i), _ => Locked.Output);
        var redeemers = Enumerable.Range(0, 15).Select(i => RedeemerFor(RedeemerTag.Spend, i));
        var transaction = Sign(ScriptSpend with { Inputs = [.. utxos.Keys] }, ScriptWitness with { Redeemers = [.. redeemers] });
        var one = Evaluate(world.Parameters.MaxTxExUnits).Executions[0].Units;

        var limited = Evaluate(one);

        Assert.All(Evaluate(world.Parameters.MaxTxExUnits).Executions, e => Assert.Null(e.Failure));
        Assert.Equal(15, limited.Executions.Length);
        Assert.All(limited.Executions.Take(10), e => Assert.Null(e.Failure));
        Assert.All(limited.Executions.Skip(10), e => Assert.NotNull(e.Failure));

        TransactionEvaluation Evaluate(ExUnits limit) => Evaluator.Evaluate(transaction, utxos, world.Parameters, world.Environment.Slots, limit);
    }

    [Theory]
    [InlineData("8200 8200581cK", "8201 8200581cK", true)]
    [InlineData("8200 8200581cK", "8200 8200581cK", false)]
    [InlineData("8200 8200581cK", "9f00 8200581cK ff", false)]
    [InlineData("8200 8200581cK", "821800 82 1900 00 58 1cK", false)]
    [InlineData("8312 8200581cK f6", "8312 8200581cK 8261615820HH", true)]
    [InlineData("8312 8200581cK 8261615820HH", "8312 8200581cK 9f 7801 61 5820HH ff", false)]
    public void The_same_certificate_twice_does_not_decode_however_it_is_encoded(string first, string second, bool decodes)
    {
        var body = Payment with { Certificates = [Read(first), Read(second)] };

        var problem = Record.Exception(() => Transaction.Create(body, WitnessSet.Empty));

        Assert.Equal(decodes, problem is null);
        Assert.True(decodes || problem is CborFormatException, $"{problem}");

        static Certificate Read(string hex) =>
            new(
                0,
                Convert.FromHexString(
                    hex.Replace(" ", "", StringComparison.Ordinal)
                        .Replace("K", new string('1', 56), StringComparison.Ordinal)
                        .Replace("H", new string('2', 32), StringComparison.Ordinal)
                )
            );
    }

    [Theory]
    [InlineData("6161", true)]
    [InlineData("7f6161ff", false)]
    public void An_anchor_names_its_place_in_one_piece(string url, bool decodes)
    {
        var update = Convert.FromHexString($"83128200581c{new string('1', 56)}82{url}5820{new string('2', 64)}");

        var problem = Record.Exception(() => Transaction.Create(Payment with { Certificates = [new Certificate(18, update)] }, WitnessSet.Empty));

        Assert.Equal(decodes, problem is null);
        Assert.True(decodes || problem is CborFormatException, $"{problem}");
    }

    [Theory]
    [InlineData("81")]
    [InlineData("a100")]
    [InlineData("9f")]
    [InlineData("c0")]
    public void A_proposal_nested_as_deeply_as_a_transaction_can_hold_is_no_context(string level)
    {
        var world = new World();
        var changes = $"a100{string.Concat(Enumerable.Repeat(level, 60_000))}00{(level == "9f" ? new string('f', 120_000) : "")}";
        var (account, anchor) = ($"581de0{new string('1', 56)}", $"8261615820{new string('2', 64)}");
        var proposals = Convert.FromHexString($"818400{account}8400f6{changes}f6{anchor}");
        var transaction = Sign(ScriptSpend with { ProposalProcedures = proposals }, ScriptWitness);

        var evaluation = Evaluator.Evaluate(
            transaction,
            new Dictionary<TxInput, TxOutput> { [Locked.Input] = Locked.Output },
            world.Parameters,
            world.Environment.Slots
        );

        Assert.Contains("a governance action that cannot be read", evaluation.ContextFailure, StringComparison.Ordinal);
        Assert.Equal(LedgerFailure.OutsideScopePredicate, Assert.Single(Failures(world.Apply(transaction))).Predicate);
    }

    private static IEnumerable<Transaction> Transactions()
    {
        var world = new World();
        var (body, witnesses) = Everything();
        yield return Sign(Payment);
        yield return Sign(body with { ScriptDataHash = world.DataHash(witnesses, ScriptLanguage.PlutusV3) }, witnesses, signers: Everyone);
        yield return Sign(
            ScriptSpend with
            {
                ScriptDataHash = world.DataHash(ScriptWitness, ScriptLanguage.PlutusV3),
                CollateralReturn = new TxOutput(AliceAddress, Ada(4)),
                TotalCollateral = Lovelace.FromAda(1),
                InvalidBefore = new Slot(1),
                InvalidHereafter = new Slot(5_000),
            },
            ScriptWitness
        );
    }

    private static (TransactionBody Body, WitnessSet Witnesses) Everything()
    {
        Certificate[] certificates =
        [
            Register(BobsStake, KeyDeposit),
            Delegate(Contract, Pool, Abstain),
            Unregister(BobsStake, KeyDeposit),
            RegisterPool(UnknownPool, new Hash32(new byte[32])),
            RetirePool(Pool, 11),
            UpdateDRep(BobsStake),
            AuthorizeHot(BobsStake, AlicesStake),
        ];
        var body = Body(500_000_000 - 7, certificates) with
        {
            Withdrawals = [new(AlicesAccount, new Lovelace(7))],
            Mint = Value.Of(Lovelace.Zero, Token, 5),
            Collateral = [World.Collateral.Input],
        };
        body = body with { Outputs = [new TxOutput(AliceAddress, Value.Of(body.Outputs[0].Value.Coin, Token, 5))] };
        return (body, new WitnessSet { Scripts = [Accepts, AliceMustSign], Redeemers = [RedeemerFor(RedeemerTag.Cert, 1)] });
    }
}
