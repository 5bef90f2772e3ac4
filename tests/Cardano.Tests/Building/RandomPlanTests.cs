using System.Collections.Immutable;
using Masumi.Cardano.Building;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Tests.Building;

/// <summary>Whatever is planned: the result balances, pays the least fee and obeys the ledger's rules about its parts, or says what is missing.</summary>
public sealed class RandomPlanTests(ITestOutputHelper output)
{
    private static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;

    [Fact]
    public void Random_plans_build_or_say_what_is_missing()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MASUMI_TEST_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"MASUMI_TEST_SEED={seed}");
        var random = new Random(seed);
        var built = 0;
        for (var run = 0; run < 150; run++)
        {
            var plan = RandomPlan(random);
            var units = new ExUnits(random.Next(1, 2_000_000), random.Next(1, 900_000_000));
            switch (Wallet.Build(plan, new PricedScripts(t => new ExUnits(units.Memory + (t.Body.Fee.Amount % 97), units.Steps))))
            {
                case BuildResult.Built result:
                    BuiltTransaction.MustHold(plan, result, Parameters);
                    built++;
                    break;
                case BuildResult.Failed { Reason: BuildFailure.InsufficientFunds insufficient }:
                    Assert.True(insufficient.Missing is { IsNonNegative: true, IsZero: false }, $"run {run}: {insufficient.Missing}");
                    break;
                case BuildResult.Failed { Reason: BuildFailure.NoCollateral or BuildFailure.TooManyExUnits or BuildFailure.TooLarge }:
                    break;
                case var other:
                    Assert.Fail($"run {run}: {other}");
                    break;
            }
        }

        Assert.True(built > 50, $"only {built} of 150 plans were built");
    }

    private static TransactionPlan RandomPlan(Random random)
    {
        var number = 0;
        Utxo RandomUtxo()
        {
            var assets = Enumerable
                .Range(0, random.Next(4) == 0 ? random.Next(1, 12) : 0)
                .Select(_ => (Wallet.Asset(random.Next(40)), random.NextInt64(1, 1_000_000)));
            var utxo = Wallet.Tokens(number++, random.NextInt64(1_000_000, random.Next(3) == 0 ? 9_000_000_000 : 20_000_000), [.. assets]);
            return utxo with { Output = utxo.Output.WithMinUtxo(Parameters) };
        }

        var available = Enumerable.Range(0, random.Next(1, 12)).Select(_ => RandomUtxo()).ToImmutableArray();
        var outputs = Enumerable
            .Range(0, random.Next(0, 5))
            .Select(_ =>
            {
                var held = available[random.Next(available.Length)].Output.Value.Assets;
                var assets = held.Where(_ => random.Next(2) == 0).Select(a => KeyValuePair.Create(a.Key, (Int128)random.NextInt64(1, (long)a.Value + 2)));
                return new TxOutput(
                    Wallet.KeyAddress(Wallet.Key((byte)random.Next(3, 9))),
                    Value.Of(new Lovelace(random.NextInt64(0, 8_000_000)), assets)
                ).WithMinUtxo(Parameters);
            })
            .ToImmutableArray();
        var byReference = random.Next(2) == 0;
        var scriptInputs = Enumerable
            .Range(0, random.Next(0, 4))
            .Select(i =>
                Wallet.Locked(
                    1000 + random.Next(10_000) + (i * 20_000),
                    Value.Of(new Lovelace(random.NextInt64(2_000_000, 9_000_000))),
                    i,
                    byReference ? null : Wallet.Escrow
                )
            )
            .ToImmutableArray();
        var mints =
            random.Next(3) == 0
                ? ImmutableArray.Create(
                    new MintAction(
                        Wallet.Policy.Hash.ToPolicyId(),
                        [KeyValuePair.Create(new AssetName([1, 2]), random.NextInt64(1, 100))],
                        PlutusData.I(77),
                        Wallet.Policy
                    )
                )
                : [];
        return new TransactionPlan
        {
            Available = available[1..],
            Inputs = available[..1],
            Outputs = outputs,
            ScriptInputs = scriptInputs,
            Mints = mints,
            ReferenceInputs =
                byReference && scriptInputs.Length > 0
                    ? [new Utxo(Wallet.Input(999_999), new TxOutput(Wallet.EscrowAddress, Value.Of(new Lovelace(5_000_000)), ReferenceScript: Wallet.Escrow))]
                    : [],
            RequiredSigners = random.Next(2) == 0 ? [Wallet.Owner.KeyHash] : [],
            InvalidBefore = random.Next(2) == 0 ? new Slot(random.Next()) : null,
            InvalidHereafter = random.Next(2) == 0 ? new Slot(random.Next()) : null,
            AuxiliaryData = random.Next(2) == 0 ? MetadataText.Message("Masumi", "PaymentBatched") : null,
            ChangeAddress = Wallet.Home,
            Signers = [Wallet.Owner],
        };
    }
}
