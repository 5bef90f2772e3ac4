using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.V1;
using Masumi.Contracts.Escrow.V2;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Registry.V1;
using Masumi.Contracts.Registry.V2;
using Masumi.OnChain.Language;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.Scenarios;

/// <summary>Our four contracts.</summary>
public enum Validator
{
    EscrowV1,
    EscrowV2,
    RegistryV1,
    RegistryV2,
}

/// <summary>What one contract must say about one context.</summary>
/// <param name="Validator">The contract.</param>
/// <param name="Parameters">What is applied to it.</param>
/// <param name="Context">The script context.</param>
/// <param name="IsAccepted">Whether it must accept.</param>
/// <param name="Rule">The rule that must reject; null where any may.</param>
internal sealed record Case(Validator Validator, ImmutableArray<PlutusData> Parameters, PlutusData Context, bool IsAccepted, string? Rule)
{
    [ThreadStatic]
    private static List<Case>? _collected;

    /// <summary>What tests say about contracts, without asking the contracts: every case that an action, on this thread, brings to <see cref="Contract"/>.</summary>
    public static ImmutableArray<Case> Collect(Action tests)
    {
        var cases = _collected = [];
        try
        {
            tests();
            return [.. cases];
        }
        finally
        {
            _collected = null;
        }
    }

    /// <summary>True when cases are only collected now, and this one is.</summary>
    public bool IsCollected()
    {
        _collected?.Add(this);
        return _collected is not null;
    }
}

/// <summary>The contracts as they are written and as they are compiled.</summary>
internal static class Validators
{
    public static Expr Source(Validator validator) =>
        validator switch
        {
            Validator.EscrowV1 => EscrowV1Validator.Validator.Expr,
            Validator.EscrowV2 => EscrowV2Validator.Validator.Expr,
            Validator.RegistryV1 => RegistryV1Policy.Policy.Expr,
            _ => RegistryV2Policy.Policy.Expr,
        };

    public static UplcProgram Compile(Validator validator, CompilerOptions options) =>
        validator switch
        {
            Validator.EscrowV1 => EscrowScript.Program(EscrowFamily.V1, options),
            Validator.EscrowV2 => EscrowScript.Program(EscrowFamily.V2, options),
            Validator.RegistryV1 => RegistryScript.Program(EscrowFamily.V1, options),
            _ => RegistryScript.Program(EscrowFamily.V2, options),
        };
}
