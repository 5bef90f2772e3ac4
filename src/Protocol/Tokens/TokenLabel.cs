using System.Text.Json.Nodes;

namespace Masumi.Protocol.Tokens;

/// <summary>What stands beside raw amounts in JSON, for people; programs go by amount and unit.</summary>
public static class TokenLabel
{
    /// <summary>
    /// The object with <c>symbol</c> and <c>decimals</c> of the token that a unit means on a network; as it is when the unit has no name there.
    /// </summary>
    /// <param name="amount">An object that holds an amount.</param>
    /// <param name="unit">Its unit as on the wire.</param>
    /// <param name="network">Where it counts.</param>
    public static JsonObject Labelled(this JsonObject amount, string? unit, Network network)
    {
        ArgumentNullException.ThrowIfNull(amount);
        if (Unit.TryParse(unit, out var known) && Token.Find(known, network) is { } token)
        {
            amount["symbol"] = token.Symbol;
            amount["decimals"] = token.Decimals;
        }

        return amount;
    }
}
