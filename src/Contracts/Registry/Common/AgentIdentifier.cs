using System.Diagnostics.CodeAnalysis;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Registry.Common;

/// <summary>An agent's token: registry policy and asset name; 120 hex digits as text (spec registry.md 5).</summary>
public readonly record struct AgentIdentifier(PolicyId Policy, AssetName Name)
{
    /// <summary>The number of hex digits of a token any of the two policies mints.</summary>
    public const int TextLength = 120;

    /// <summary>The asset.</summary>
    public AssetId Asset => new(Policy, Name);

    /// <summary>Reads policy and name from hex; names of the wrong length, which a policy filter alone would let pass, are refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AgentIdentifier identifier)
    {
        identifier = default;
        if (text is not { Length: TextLength } || !AssetId.TryParse(text, out var asset))
        {
            return false;
        }

        identifier = new AgentIdentifier(asset.Policy, asset.Name);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>; throws <see cref="FormatException"/>.</summary>
    public static AgentIdentifier Parse(string text) =>
        TryParse(text, out var identifier) ? identifier : throw new FormatException($"Not an agent identifier of {TextLength} hex digits: '{text}'.");

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => $"{Policy}{Name}";
}
