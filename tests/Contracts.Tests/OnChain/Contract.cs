using Masumi.Cardano;
using Masumi.Contracts.OnChain.Language;
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.OnChain;

/// <summary>Runs the compiled contracts in every build there is; all of them must agree.</summary>
internal static class Contract
{
    private static readonly Hash28[] Admins = [.. KnownDeployments.DefaultAdmins];

    private static readonly (string Name, CompilerOptions Options)[] Builds =
    [
        ("release", new CompilerOptions()),
        ("not optimised", new CompilerOptions(Optimise: false)),
        ("traced", new CompilerOptions(Traces: true)),
        ("traced, not optimised", new CompilerOptions(Optimise: false, Traces: true)),
    ];

    private static readonly UplcProgram[] Escrow = [.. Builds.Select(b => EscrowScript.Program(b.Options))];
    private static readonly UplcProgram[] Registry = [.. Builds.Select(b => RegistryScript.Program(b.Options))];

    public static void Accepts(EscrowScenario scenario, int required = 2, Hash28[]? admins = null) =>
        Accepts([.. Escrow.Select(p => Apply(p, required, admins))], scenario.ToContext());

    /// <summary>Rejected, and by this rule: the traced builds say which one it was.</summary>
    public static void Rejects(string rule, EscrowScenario scenario, int required = 2, Hash28[]? admins = null) =>
        Rejects(rule, [.. Escrow.Select(p => Apply(p, required, admins))], scenario.ToContext());

    /// <summary>Parameters that <see cref="EscrowScript"/> refuses to apply.</summary>
    public static void RejectsWithParameters(string rule, EscrowScenario scenario, int required, Hash28[] admins) =>
        Rejects(
            rule,
            [
                .. Escrow.Select(p =>
                    p.ApplyParameters(PlutusData.I(required), PlutusData.L([.. admins.Select(a => PlutusData.B(a.ToArray()))]), PlutusData.I(Clock.Cooldown))
                ),
            ],
            scenario.ToContext()
        );

    /// <summary>Rejected, whatever the first rule that breaks.</summary>
    public static void RejectsAnyhow(EscrowScenario scenario) => Rejects(null, [.. Escrow.Select(p => Apply(p, 2, null))], scenario.ToContext());

    public static void RegistryAccepts(PlutusData context) => Accepts(Registry, context);

    public static void RegistryRejects(string rule, PlutusData context) => Rejects(rule, Registry, context);

    public static ExUnits UnitsOf(EscrowScenario scenario)
    {
        var run = Machine.Run(Apply(Escrow[0], 2, null), scenario.ToContext());
        Assert.True(run.Accepted, run.Failure);
        return run.Units;
    }

    private static UplcProgram Apply(UplcProgram program, int required, Hash28[]? admins) =>
        EscrowScript.Apply(program, required, admins ?? Admins, TimeSpan.FromMilliseconds(Clock.Cooldown));

    private static void Accepts(UplcProgram[] programs, PlutusData context)
    {
        for (var i = 0; i < programs.Length; i++)
        {
            var run = Machine.Run(programs[i], context);
            Assert.True(run.Accepted, $"{Builds[i].Name}: {run.Failure} [{string.Join("; ", run.Logs)}]");
        }
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
    }
}
