using System.Collections.Immutable;
using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Tests.Whole;
using Masumi.OnChain.Language;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.Scenarios;

/// <summary>Runs the compiled contracts in every build there is; all of them must agree.</summary>
internal static class Contract
{
    private static readonly KeyHash[] Admins = [.. KnownDeployments.DefaultAdmins];

    private static readonly (string Name, CompilerOptions Options)[] Builds =
    [
        ("release", new CompilerOptions()),
        ("not optimised", new CompilerOptions(Optimise: false)),
        ("traced", new CompilerOptions(Traces: true)),
        ("traced, not optimised", new CompilerOptions(Optimise: false, Traces: true)),
    ];

    private static readonly ImmutableArray<ImmutableArray<UplcProgram>> Compiled =
    [
        .. Enum.GetValues<Validator>().Select(v => Builds.Select(b => Validators.Compile(v, b.Options)).ToImmutableArray()),
    ];

    public static void Accepts(EscrowScenario scenario, int required = 2, KeyHash[]? admins = null, int feePermille = 50) =>
        Judge(Of(scenario, required, admins, feePermille) with { IsAccepted = true });

    /// <summary>Rejected, and by this rule: the traced builds say which one it was.</summary>
    public static void Rejects(string rule, EscrowScenario scenario, int required = 2, KeyHash[]? admins = null, int feePermille = 50) =>
        Judge(Of(scenario, required, admins, feePermille) with { Rule = rule });

    /// <summary>Parameters that <see cref="EscrowScript"/> refuses to apply.</summary>
    public static void RejectsWithParameters(string rule, EscrowScenario scenario, int required, KeyHash[] admins)
    {
        var (needed, votes, cooldown) = (
            PlutusData.I(required),
            PlutusData.L([.. admins.Select(a => PlutusData.B(a.ToArray()))]),
            PlutusData.I(Clock.Cooldown)
        );
        Judge(
            Of(scenario, 2, null, 50) with
            {
                Parameters =
                    scenario.Datum.Family == EscrowFamily.V1 ? [needed, votes, Parties.FeeAddress, PlutusData.I(50), cooldown] : [needed, votes, cooldown],
                Rule = rule,
            }
        );
    }

    /// <summary>Rejected, whatever the first rule that breaks.</summary>
    public static void RejectsAnyhow(EscrowScenario scenario, KeyHash[]? admins = null) => Judge(Of(scenario, 2, admins, 50));

    public static void RegistryAccepts(PlutusData context, EscrowFamily family = EscrowFamily.V2) => Judge(Of(context, family) with { IsAccepted = true });

    public static void RegistryRejects(string rule, PlutusData context, EscrowFamily family = EscrowFamily.V2) =>
        Judge(Of(context, family) with { Rule = rule });

    public static ExUnits UnitsOf(EscrowScenario scenario)
    {
        var run = Machine.Run(Programs(Of(scenario, 2, null, 50))[0], scenario.ToContext());
        Assert.True(run.Accepted, run.Failure);
        return run.Units;
    }

    private static Case Of(EscrowScenario scenario, int required, KeyHash[]? admins, int feePermille)
    {
        var family = scenario.Datum.Family;
        var contract = (family == EscrowFamily.V1 ? KnownDeployments.PreprodV1 : KnownDeployments.PreprodV2).Contract with
        {
            RequiredAdmins = required,
            Admins = [.. admins ?? Admins],
            FeePermille = family == EscrowFamily.V1 ? feePermille : 0,
            FeeAddress = family == EscrowFamily.V1 ? Parties.FeeWallet : null,
            Cooldown = TimeSpan.FromMilliseconds(Clock.Cooldown),
        };
        var validator = family == EscrowFamily.V1 ? Validator.EscrowV1 : Validator.EscrowV2;
        return new Case(validator, [.. contract.Parameters()], scenario.ToContext(), IsAccepted: false, Rule: null);
    }

    private static Case Of(PlutusData context, EscrowFamily family) =>
        family == EscrowFamily.V1
            ? new Case(
                Validator.RegistryV1,
                [PlutusData.B(Encoding.UTF8.GetBytes(KnownDeployments.PreprodV1.EscrowAddress.ToString()))],
                context,
                IsAccepted: false,
                Rule: null
            )
            : new Case(Validator.RegistryV2, [], context, IsAccepted: false, Rule: null);

    private static ImmutableArray<UplcProgram> Programs(Case judged) =>
        [.. Compiled[(int)judged.Validator].Select(p => p.ApplyParameters(judged.Parameters.AsSpan()))];

    private static void Judge(Case judged)
    {
        if (judged.IsCollected())
        {
            return;
        }

        var programs = Programs(judged);
        for (var i = 0; i < programs.Length; i++)
        {
            var run = Machine.Run(programs[i], judged.Context);
            Assert.True(run.Accepted == judged.IsAccepted, $"{Builds[i].Name}: {run.Failure ?? "accepted"} [{string.Join("; ", run.Logs)}]");
            if (judged.Rule is not null && Builds[i].Options.Traces)
            {
                Assert.Equal(judged.Rule, run.Logs.Count > 0 ? run.Logs[^1] : "");
            }
        }

        AsTransactions(judged, programs);
    }

    // The same from a transaction's bytes; MASUMI_EXPORT_SCENARIOS names a file in which they are left for foreign tools.
    private static void AsTransactions(Case judged, ImmutableArray<UplcProgram> programs)
    {
        for (var i = 0; i < programs.Length; i++)
        {
            if (Builds[i].Options.Traces || ScenarioTransaction.TryOf(programs[i], judged.Context) is not { } scenario)
            {
                continue;
            }

            var failure = scenario.Failure();
            Assert.True(failure is null == judged.IsAccepted, $"{Builds[i].Name}, as a transaction: {failure ?? "accepted"}");
            if (Environment.GetEnvironmentVariable("MASUMI_EXPORT_SCENARIOS") is { } file)
            {
                var name = $"{TestContext.Current.Test?.TestDisplayName}{(judged.Rule is null ? "" : $" [{judged.Rule}]")}, {Builds[i].Name}";
                var line = ForeignCase.Line(name, scenario.Transaction, scenario.Spent, ScenarioTransaction.Slots);
                lock (Builds)
                {
                    File.AppendAllLines(file, [line]);
                }
            }
        }
    }
}
