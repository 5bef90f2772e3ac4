using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Registry;
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

    private static readonly UplcProgram[] EscrowV1 = [.. Builds.Select(b => EscrowScript.Program(EscrowFamily.V1, b.Options))];
    private static readonly UplcProgram[] EscrowV2 = [.. Builds.Select(b => EscrowScript.Program(EscrowFamily.V2, b.Options))];
    private static readonly UplcProgram[] RegistryV2 = [.. Builds.Select(b => RegistryScript.Program(EscrowFamily.V2, b.Options))];

    private static readonly UplcProgram[] RegistryV1 =
    [
        .. Builds.Select(b => RegistryScript.Apply(RegistryScript.Program(EscrowFamily.V1, b.Options), KnownDeployments.PreprodV1.EscrowAddress)),
    ];

    public static void Accepts(EscrowScenario scenario, int required = 2, KeyHash[]? admins = null, int feePermille = 50) =>
        Accepts(Programs(scenario, required, admins, feePermille), scenario.ToContext());

    /// <summary>Rejected, and by this rule: the traced builds say which one it was.</summary>
    public static void Rejects(string rule, EscrowScenario scenario, int required = 2, KeyHash[]? admins = null, int feePermille = 50) =>
        Rejects(rule, Programs(scenario, required, admins, feePermille), scenario.ToContext());

    /// <summary>Parameters that <see cref="EscrowScript"/> refuses to apply.</summary>
    public static void RejectsWithParameters(string rule, EscrowScenario scenario, int required, KeyHash[] admins)
    {
        var votes = PlutusData.L([.. admins.Select(a => PlutusData.B(a.ToArray()))]);
        Rejects(
            rule,
            scenario.Datum.Family == EscrowFamily.V1
                ?
                [
                    .. EscrowV1.Select(p =>
                        p.ApplyParameters(PlutusData.I(required), votes, Parties.FeeAddress, PlutusData.I(50), PlutusData.I(Clock.Cooldown))
                    ),
                ]
                : [.. EscrowV2.Select(p => p.ApplyParameters(PlutusData.I(required), votes, PlutusData.I(Clock.Cooldown)))],
            scenario.ToContext()
        );
    }

    /// <summary>Rejected, whatever the first rule that breaks.</summary>
    public static void RejectsAnyhow(EscrowScenario scenario, KeyHash[]? admins = null) =>
        Rejects(null, Programs(scenario, 2, admins, 50), scenario.ToContext());

    public static void RegistryAccepts(PlutusData context, EscrowFamily family = EscrowFamily.V2) =>
        Accepts(family == EscrowFamily.V1 ? RegistryV1 : RegistryV2, context);

    public static void RegistryRejects(string rule, PlutusData context, EscrowFamily family = EscrowFamily.V2) =>
        Rejects(rule, family == EscrowFamily.V1 ? RegistryV1 : RegistryV2, context);

    public static ExUnits UnitsOf(EscrowScenario scenario)
    {
        var run = Machine.Run(Programs(scenario, 2, null, 50)[0], scenario.ToContext());
        Assert.True(run.Accepted, run.Failure);
        return run.Units;
    }

    private static UplcProgram[] Programs(EscrowScenario scenario, int required, KeyHash[]? admins, int feePermille)
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
        return [.. (family == EscrowFamily.V1 ? EscrowV1 : EscrowV2).Select(p => EscrowScript.Apply(p, contract))];
    }

    private static void Accepts(UplcProgram[] programs, PlutusData context)
    {
        for (var i = 0; i < programs.Length; i++)
        {
            var run = Machine.Run(programs[i], context);
            Assert.True(run.Accepted, $"{Builds[i].Name}: {run.Failure} [{string.Join("; ", run.Logs)}]");
        }

        AsTransactions(null, programs, context, accepted: true);
    }

    private static void Rejects(string? rule, UplcProgram[] programs, PlutusData context)
    {
        for (var i = 0; i < programs.Length; i++)
        {
            var run = Machine.Run(programs[i], context);
            Assert.False(run.Accepted, $"{Builds[i].Name} accepts");
            if (rule is not null && Builds[i].Options.Traces)
            {
                Assert.Equal(rule, run.Logs.Count > 0 ? run.Logs[^1] : "");
            }
        }

        AsTransactions(rule, programs, context, accepted: false);
    }

    // The same from a transaction's bytes; MASUMI_EXPORT_SCENARIOS names a file in which they are left for foreign tools.
    private static void AsTransactions(string? rule, UplcProgram[] programs, PlutusData context, bool accepted)
    {
        for (var i = 0; i < programs.Length; i++)
        {
            if (Builds[i].Options.Traces || ScenarioTransaction.TryOf(programs[i], context) is not { } scenario)
            {
                continue;
            }

            var failure = scenario.Failure();
            Assert.True(failure is null == accepted, $"{Builds[i].Name}, as a transaction: {failure ?? "accepted"}");
            if (Environment.GetEnvironmentVariable("MASUMI_EXPORT_SCENARIOS") is { } file)
            {
                var name = $"{TestContext.Current.Test?.TestDisplayName}{(rule is null ? "" : $" [{rule}]")}, {Builds[i].Name}";
                var line = ForeignCase.Line(name, scenario.Transaction, scenario.Spent, ScenarioTransaction.Slots);
                lock (Builds)
                {
                    File.AppendAllLines(file, [line]);
                }
            }
        }
    }
}
