using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>Puts an agent on chain.</summary>
public sealed record RegisterAgent(Network Network, string SellingWalletVkey, string? RecipientWalletAddress, string? SendFundingLovelace, AgentDetails Details)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RegisterAgent> Shape { get; } =
        Shapes.Record<RegisterAgent>(s =>
            new(
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Required("sellingWalletVkey", RegistryTexts.Vkey, r => r.SellingWalletVkey, "The selling wallet that mints the token, and pays for it"),
                s.Optional("recipientWalletAddress", RegistryTexts.Address, r => r.RecipientWalletAddress, RegistryTexts.Recipient),
                s.Optional("sendFundingLovelace", RegistryTexts.Funding, r => r.SendFundingLovelace, RegistryTexts.FundingMeaning),
                AgentDetails.Within(s, r => r.Details)
            )
        );
}

/// <summary>Replaces what the chain says about an agent. Its identifier changes: the version within goes up by one.</summary>
public sealed record UpdateAgent(
    Network Network,
    string? RecipientWalletAddress,
    string? SendFundingLovelace,
    AgentDetails Details,
    string AgentIdentifier,
    string? SmartContractAddress
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UpdateAgent> Shape { get; } =
        Shapes.Record<UpdateAgent>(s =>
            new(
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Optional("recipientWalletAddress", RegistryTexts.Address, r => r.RecipientWalletAddress, RegistryTexts.Recipient),
                s.Optional("sendFundingLovelace", RegistryTexts.Funding, r => r.SendFundingLovelace, RegistryTexts.FundingMeaning),
                AgentDetails.Within(s, r => r.Details),
                s.Required("agentIdentifier", RegistryTexts.HexIdentifier, r => r.AgentIdentifier, "The one of now"),
                s.Optional("smartContractAddress", RegistryTexts.Address, r => r.SmartContractAddress, RegistryTexts.Contract)
            )
        );
}

/// <summary>Takes an agent off the chain.</summary>
public sealed record DeregisterAgent(string AgentIdentifier, Network Network, string? SmartContractAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DeregisterAgent> Shape { get; } =
        Shapes.Record<DeregisterAgent>(s =>
            new(
                s.Required("agentIdentifier", RegistryTexts.HexIdentifier, r => r.AgentIdentifier),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Optional("smartContractAddress", RegistryTexts.Address, r => r.SmartContractAddress, RegistryTexts.Contract)
            )
        );
}

/// <summary>Forgets a registration that failed or is over. The chain is not touched.</summary>
public sealed record DeleteRegistration(string Id)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DeleteRegistration> Shape { get; } =
        Shapes.Record<DeleteRegistration>(s => new(s.Required("id", Shapes.Cuid, r => r.Id, "The row's")));
}

/// <summary>How many agents this node registered.</summary>
public sealed record CountAgents(Network Network, string? FilterSmartContractAddress, PaymentSourceType? FilterPaymentSourceType)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<CountAgents> Shape { get; } =
        Shapes.Record<CountAgents>(s =>
            new(
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.OptionalOrNull("filterSmartContractAddress", Shapes.AnyText, r => r.FilterSmartContractAddress, RegistryTexts.ContractFilter),
                s.Optional("filterPaymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.FilterPaymentSourceType, RegistryTexts.TypeFilter)
            )
        );
}

/// <summary>The agents that this node registered, newest first.</summary>
public sealed record ListAgents(
    long Limit,
    string? CursorId,
    Network Network,
    string? FilterSmartContractAddress,
    PaymentSourceType? FilterPaymentSourceType,
    RegistrationFilter? FilterStatus,
    string? SearchQuery,
    string? FilterAgentIdentifier,
    string? FilterSupportedPaymentSourceAddress,
    string? FilterSupportedPaymentSourceNetworks
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListAgents> Shape { get; } =
        Shapes.Record<ListAgents>(s =>
            new(
                s.Default("limit", RegistryTexts.Limit, RegistryTexts.DefaultLimit, r => r.Limit),
                s.Optional("cursorId", Shapes.AnyText, r => r.CursorId, RegistryTexts.Cursor),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.OptionalOrNull("filterSmartContractAddress", Shapes.AnyText, r => r.FilterSmartContractAddress, RegistryTexts.ContractFilter),
                s.Optional("filterPaymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.FilterPaymentSourceType, RegistryTexts.TypeFilter),
                s.Optional("filterStatus", Shapes.Word<RegistrationFilter>(), r => r.FilterStatus),
                s.Optional("searchQuery", Shapes.AnyText, r => r.SearchQuery, "Part of a name, description, wallet address or state; a whole tag; or a price"),
                s.Optional("filterAgentIdentifier", RegistryTexts.Identifier, r => r.FilterAgentIdentifier, "This agent alone, of either contract"),
                s.Optional(
                    "filterSupportedPaymentSourceAddress",
                    Shapes.AnyText,
                    r => r.FilterSupportedPaymentSourceAddress,
                    "Agents of either contract that are paid at this address: an escrow contract, or an EVM address in either letter case"
                ),
                s.Optional(
                    "filterSupportedPaymentSourceNetworks",
                    Shapes.AnyText,
                    r => r.FilterSupportedPaymentSourceNetworks,
                    "Agents of either contract that are paid on one of these networks, with commas between: Preprod,eip155:8453"
                )
            )
        );
}

/// <summary>The registrations that changed, in the order of their changes.</summary>
public sealed record DiffAgents(
    long Limit,
    string? CursorId,
    DateTimeOffset LastUpdate,
    Network Network,
    string? FilterSmartContractAddress,
    PaymentSourceType? FilterPaymentSourceType
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DiffAgents> Shape { get; } =
        Shapes.Record<DiffAgents>(s =>
            new(
                s.Default("limit", RegistryTexts.Limit, RegistryTexts.DefaultLimit, r => r.Limit),
                s.Optional("cursorId", Shapes.AnyText, r => r.CursorId, RegistryTexts.DiffCursor),
                s.Default("lastUpdate", Shapes.DateOrMoment, DateTimeOffset.UnixEpoch, r => r.LastUpdate, RegistryTexts.LastUpdate),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.OptionalOrNull("filterSmartContractAddress", Shapes.AnyText, r => r.FilterSmartContractAddress, RegistryTexts.ContractFilter),
                s.Optional("filterPaymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.FilterPaymentSourceType, RegistryTexts.TypeFilter)
            )
        );
}

/// <summary>What the chain says about the agents of a wallet.</summary>
public sealed record AgentsOfWallet(string WalletVkey, Network Network, string? SmartContractAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<AgentsOfWallet> Shape { get; } =
        Shapes.Record<AgentsOfWallet>(s =>
            new(
                s.Required("walletVkey", Shapes.Text(0, 250), r => r.WalletVkey, "Of a wallet of this node"),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Optional("smartContractAddress", Shapes.Text(0, 250), r => r.SmartContractAddress, RegistryTexts.ContractOfWallet)
            )
        );
}

/// <summary>What the chain says about an agent.</summary>
public sealed record AgentOnChain(string AgentIdentifier, Network Network)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<AgentOnChain> Shape { get; } =
        Shapes.Record<AgentOnChain>(s =>
            new(
                s.Required("agentIdentifier", RegistryTexts.Identifier, r => r.AgentIdentifier, RegistryTexts.IdentifierMeaning),
                s.Required("network", Shapes.Word<Network>(), r => r.Network)
            )
        );
}
