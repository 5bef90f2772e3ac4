using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;

namespace Masumi.Contracts.Common;

/// <summary>The network's words as Cardano's types, and back.</summary>
public static class ProtocolWords
{
    /// <summary>The agent's token.</summary>
    public static AssetId ToAsset(this AgentIdentifier agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return AssetId.Parse(agent.ToString());
    }

    /// <summary>The identifier of the agent whose token this is; null for an asset without a name, which no agent has.</summary>
    public static AgentIdentifier? ToAgentIdentifier(this AssetId asset) => AgentIdentifier.TryParse(asset.ToString(), out var agent) ? agent : null;

    /// <summary>The amounts together.</summary>
    public static Value ToValue(this IEnumerable<UnitAmount> amounts)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        return amounts.Aggregate(
            Value.Zero,
            (sum, a) => sum + (a.Unit.IsAda ? Value.Of(new Lovelace(a.Amount)) : Value.Of(Lovelace.Zero, AssetId.Parse(a.Unit.ToString()), a.Amount))
        );
    }

    /// <summary>The network id in addresses.</summary>
    public static NetworkId ToNetworkId(this Network network) => network == Network.Mainnet ? NetworkId.Mainnet : NetworkId.Testnet;

    /// <summary>What the APIs call a generation of the contract.</summary>
    public static PaymentSourceType ToSourceType(this EscrowFamily family) =>
        family == EscrowFamily.V1 ? PaymentSourceType.Web3CardanoV1 : PaymentSourceType.Web3CardanoV2;
}
