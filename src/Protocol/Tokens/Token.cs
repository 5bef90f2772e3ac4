using System.Collections.Immutable;

namespace Masumi.Protocol.Tokens;

/// <summary>A currency of the network as people know it, on the network where its unit means it.</summary>
public sealed record Token
{
    private Token(Network network, string symbol, string unit, int decimals = 6)
    {
        Network = network;
        Symbol = symbol;
        Unit = Unit.Parse(unit);
        Decimals = decimals;
    }

    // CIP-67 label 333 (fungible), then the ticker. The symbol is the ticker everywhere but for USDCx, whose name has no label.
    private static readonly Token MainnetAda = new(Network.Mainnet, "ADA", "");
    private static readonly Token PreprodAda = new(Network.Preprod, "ADA", "");

    /// <summary>USDM, a dollar token of Mainnet.</summary>
    public static Token Usdm { get; } = new(Network.Mainnet, "USDM", "c48cbb3d5e57ed56e276bc45f99ab39abe94e6cd7ac39fb402da47ad0014df105553444d");

    /// <summary>USDCx, a dollar token of Mainnet; people also call it USDC.</summary>
    public static Token Usdcx { get; } = new(Network.Mainnet, "USDCx", "1f3aec8bfe7ea4fe14c5f121e2a92e301afe414147860d557cac7e345553444378");

    /// <summary>tUSDM, the token of Preprod (and devnets) that stands for USDM and is worth nothing.</summary>
    public static Token TUsdm { get; } = new(Network.Preprod, "tUSDM", "16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d");

    private static readonly ImmutableArray<Token> OnMainnet = [MainnetAda, Usdm, Usdcx];
    private static readonly ImmutableArray<Token> OnPreprod = [PreprodAda, TUsdm];

    /// <summary>Where the unit means this token.</summary>
    public Network Network { get; }

    /// <summary>What people call it, in their spelling: <c>ADA</c>, <c>USDM</c>, <c>tUSDM</c>, <c>USDCx</c>.</summary>
    public string Symbol { get; }

    /// <summary>What the wire calls it.</summary>
    public Unit Unit { get; }

    /// <summary>How many digits stand after the point when people write an amount: one token is 10 to this power of the unit.</summary>
    public int Decimals { get; }

    /// <summary>The tokens known on a network, ADA first. Throws <see cref="ArgumentOutOfRangeException"/> for a network that there is not.</summary>
    public static ImmutableArray<Token> All(Network network) =>
        network switch
        {
            Network.Mainnet => OnMainnet,
            Network.Preprod => OnPreprod,
            _ => throw new ArgumentOutOfRangeException(nameof(network), network, "There is no such network."),
        };

    /// <summary>ADA on a network. Throws <see cref="ArgumentOutOfRangeException"/> for a network that there is not.</summary>
    public static Token Ada(Network network) => All(network)[0];

    /// <summary>The token of a unit on a network, or null: most units have no name here. Throws as <see cref="All"/>.</summary>
    public static Token? Find(Unit unit, Network network)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return All(network).FirstOrDefault(t => t.Unit == unit);
    }

    /// <summary>The token of a symbol in any letter case, or null. <c>USDC</c> is USDCx. Throws as <see cref="All"/>.</summary>
    public static Token? Find(string symbol, Network network)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        var name = symbol.Equals("USDC", StringComparison.OrdinalIgnoreCase) ? "USDCx" : symbol;
        return All(network).FirstOrDefault(t => t.Symbol.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The token that is this one's counterpart on the other network: USDM and tUSDM are each other's, ADA is its own, USDCx has none.</summary>
    public Token? Counterpart =>
        this == Usdm ? TUsdm
        : this == TUsdm ? Usdm
        : this == MainnetAda ? PreprodAda
        : this == PreprodAda ? MainnetAda
        : null;

    /// <summary>The symbol.</summary>
    public override string ToString() => Symbol;
}
