using System.Collections.Immutable;
using System.Security.Cryptography;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Escrow;

namespace Masumi.Contracts.Blueprints;

/// <summary>A script that is expected somewhere: ours or a deployed one, with its parameters.</summary>
/// <param name="Name">How tools name it.</param>
/// <param name="Kind">What it guards.</param>
/// <param name="Instance">The parameters.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Check">What else is known of its bytes.</param>
/// <param name="Networks">Where it is deployed; empty for ours.</param>
public sealed record ExpectedScript(string Name, ContractKind Kind, EscrowContract Instance, Hash28 Hash, ScriptCheck? Check, ImmutableArray<string> Networks)
{
    /// <summary>The deployed default instances, each script once, then ours with the same parameters.</summary>
    public static ImmutableArray<ExpectedScript> All { get; } =
    [
        .. KnownDeployments
            .All.SelectMany(d => new[] { Deployed(d, ContractKind.Escrow), Deployed(d, ContractKind.Registry) })
            .GroupBy(e => e.Hash)
            .Select(g =>
                g.First() with
                {
                    Name = g.Count() == 1 ? $"{g.First().Name}-{g.First().Networks[0].ToLowerInvariant()}" : g.First().Name,
                    Networks = [.. g.SelectMany(e => e.Networks)],
                }
            ),
        .. ContractCatalog.Own.Select(c => Own(c, ContractCatalog.DefaultInstance(c.Family, NetworkId.Testnet))),
    ];

    /// <summary>The parameters that are applied to the script.</summary>
    public ImmutableArray<PlutusData> Parameters => [.. ContractCatalog.Parameters(Kind, Instance).Select(p => p.Value)];

    /// <summary>One of ours as an instance has it.</summary>
    public static ExpectedScript Own(OwnContract contract, EscrowContract instance)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return new(contract.Name, contract.Kind, instance, contract.Script(instance).Hash, null, []);
    }

    private static ExpectedScript Deployed(KnownDeployment d, ContractKind kind) =>
        new(
            $"deployed-{kind.ToString().ToLowerInvariant()}-{d.Family.ToString().ToLowerInvariant()}",
            kind,
            EscrowContract.Of(d),
            kind == ContractKind.Escrow ? d.EscrowScriptHash : d.RegistryPolicy,
            kind == ContractKind.Escrow ? d.EscrowCheck : null,
            [d.NetworkName]
        );
}

/// <summary>One comparison of a given script, in one form, with an expected one.</summary>
/// <param name="Expected">What was expected.</param>
/// <param name="Form">How the bytes were made.</param>
/// <param name="Hash">The hash they have.</param>
/// <param name="CheckFailure">Null, or what is not as it is known to be though the hash is right.</param>
public sealed record ScriptComparison(ExpectedScript Expected, ScriptForm Form, Hash28 Hash, string? CheckFailure)
{
    /// <summary>True when it is the expected script.</summary>
    public bool Matches => Hash == Expected.Hash && CheckFailure is null;
}

/// <summary>Whether a script is one we know, plainly or with the V1 re-encoding pass (spec escrow.md 1.5).</summary>
public static class ScriptVerification
{
    /// <summary>Every comparison that makes sense. Throws <see cref="FormatException"/> when the bytes are no program.</summary>
    public static ImmutableArray<ScriptComparison> Compare(ScriptFile file, IEnumerable<ExpectedScript> expected)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(expected);
        var comparisons = ImmutableArray.CreateBuilder<ScriptComparison>();
        foreach (var e in expected)
        {
            foreach (var form in file.FormsWith(e.Parameters.Length))
            {
                var script = file.Of(form, e.Parameters);
                comparisons.Add(new ScriptComparison(e, form, script.Hash, script.Hash == e.Hash ? e.Check?.Failure(script) : null));
            }
        }

        return comparisons.ToImmutable();
    }
}

/// <summary>Facts of a deployed script's bytes beside its hash (spec escrow.md 1.5).</summary>
/// <param name="FlatBytes">Length of the flat program.</param>
/// <param name="CborBytes">Length in one CBOR byte string, which is the script's size on chain.</param>
/// <param name="DoubleCborBytes">Length in two.</param>
/// <param name="DoubleCborSha256">SHA-256 of the bytes in two CBOR byte strings.</param>
public sealed record ScriptCheck(int FlatBytes, int CborBytes, int DoubleCborBytes, string DoubleCborSha256)
{
    /// <summary>Null when the script is like this, otherwise what differs.</summary>
    public string? Failure(Script script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var twice = Twice(script.Bytes.Span);
        var sha = Convert.ToHexStringLower(SHA256.HashData(twice));
        return script.Bytes.Length != CborBytes ? $"{script.Bytes.Length} bytes of CBOR; expected: {CborBytes}"
            : twice.Length != DoubleCborBytes ? $"{twice.Length} bytes of double CBOR; expected: {DoubleCborBytes}"
            : sha != DoubleCborSha256 ? $"sha256 {sha}; expected: {DoubleCborSha256}"
            : null;
    }

    private static byte[] Twice(ReadOnlySpan<byte> bytes)
    {
        var writer = new System.Formats.Cbor.CborWriter();
        writer.WriteByteString(bytes);
        return writer.Encode();
    }
}
