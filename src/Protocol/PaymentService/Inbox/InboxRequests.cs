using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Inbox;

/// <summary>Puts an inbox on chain.</summary>
public sealed record RegisterInbox(
    Network Network,
    string SellingWalletVkey,
    string? RecipientWalletAddress,
    string? SendFundingLovelace,
    string Name,
    string? Description,
    string AgentSlug
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RegisterInbox> Shape { get; } =
        Shapes.Record<RegisterInbox>(s =>
            new(
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Required("sellingWalletVkey", Shapes.Text(0, 250), r => r.SellingWalletVkey, "The selling wallet that mints the token, and pays for it"),
                s.Optional("recipientWalletAddress", Shapes.Text(0, 250), r => r.RecipientWalletAddress, RegistryTexts.Recipient),
                s.Optional("sendFundingLovelace", RegistryTexts.InboxFunding, r => r.SendFundingLovelace, RegistryTexts.FundingMeaning),
                s.Required("name", Shapes.Text(1, 120), r => r.Name),
                s.Optional("description", Shapes.Text(0, 500), r => r.Description),
                s.Required("agentSlug", Shapes.Text(1, 80), r => r.AgentSlug, "What messages are sent to: a to z, digits, single hyphens between")
            )
        );
}

/// <summary>Takes an inbox off the chain.</summary>
public sealed record DeregisterInbox(string AgentIdentifier, Network Network, string? SmartContractAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DeregisterInbox> Shape { get; } =
        Shapes.Record<DeregisterInbox>(s =>
            new(
                s.Required("agentIdentifier", RegistryTexts.Identifier, r => r.AgentIdentifier),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Optional("smartContractAddress", Shapes.Text(0, 250), r => r.SmartContractAddress, RegistryTexts.Contract)
            )
        );
}

/// <summary>How many inboxes this node registered.</summary>
public sealed record CountInboxes(Network Network, string? FilterSmartContractAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<CountInboxes> Shape { get; } =
        Shapes.Record<CountInboxes>(s =>
            new(
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.OptionalOrNull("filterSmartContractAddress", Shapes.AnyText, r => r.FilterSmartContractAddress, RegistryTexts.InboxContractFilter)
            )
        );
}

/// <summary>The inboxes that this node registered, newest first.</summary>
public sealed record ListInboxes(
    long Limit,
    string? CursorId,
    Network Network,
    string? FilterSmartContractAddress,
    RegistrationFilter? FilterStatus,
    string? SearchQuery
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListInboxes> Shape { get; } =
        Shapes.Record<ListInboxes>(s =>
            new(
                s.Default("limit", RegistryTexts.Limit, RegistryTexts.DefaultLimit, r => r.Limit),
                s.Optional("cursorId", Shapes.AnyText, r => r.CursorId, RegistryTexts.Cursor),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.OptionalOrNull("filterSmartContractAddress", Shapes.AnyText, r => r.FilterSmartContractAddress, RegistryTexts.InboxContractFilter),
                s.Optional("filterStatus", Shapes.Word<RegistrationFilter>(), r => r.FilterStatus),
                s.Optional("searchQuery", Shapes.AnyText, r => r.SearchQuery, "Part of a name, description, slug, wallet address or state")
            )
        );
}

/// <summary>The inbox registrations that changed, in the order of their changes.</summary>
public sealed record DiffInboxes(long Limit, string? CursorId, DateTimeOffset LastUpdate, Network Network, string? FilterSmartContractAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DiffInboxes> Shape { get; } =
        Shapes.Record<DiffInboxes>(s =>
            new(
                s.Default("limit", RegistryTexts.Limit, RegistryTexts.DefaultLimit, r => r.Limit),
                s.Optional("cursorId", Shapes.AnyText, r => r.CursorId, RegistryTexts.DiffCursor),
                s.Default("lastUpdate", Shapes.DateOrMoment, DateTimeOffset.UnixEpoch, r => r.LastUpdate, RegistryTexts.LastUpdate),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.OptionalOrNull("filterSmartContractAddress", Shapes.AnyText, r => r.FilterSmartContractAddress, RegistryTexts.InboxContractFilter)
            )
        );
}
