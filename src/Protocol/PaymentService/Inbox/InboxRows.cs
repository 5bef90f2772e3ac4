using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Inbox;

/// <summary>An inbox that this node registered, and how the registration stands.</summary>
public sealed record InboxEntry(
    string? Error,
    string Id,
    string Name,
    string? Description,
    string AgentSlug,
    RegistrationState State,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? RegistrationStateLastChangedAt,
    DateTimeOffset? LastCheckedAt,
    string? AgentIdentifier,
    long MetadataVersion,
    string? SendFundingLovelace,
    RegistryWallet SmartContractWallet,
    RegistryWallet? RecipientWallet,
    RegistryTransaction? CurrentTransaction
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<InboxEntry> Shape { get; } =
        Shapes.Record<InboxEntry>(
            "RegistryInboxEntry",
            s =>
                new(
                    s.RequiredOrNull("error", Shapes.AnyText, r => r.Error, "Why the last step failed, and what to do"),
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("name", Shapes.AnyText, r => r.Name),
                    s.RequiredOrNull("description", Shapes.AnyText, r => r.Description),
                    s.Required("agentSlug", Shapes.AnyText, r => r.AgentSlug, "What messages are sent to"),
                    s.Required("state", Shapes.Word<RegistrationState>(), r => r.State),
                    s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                    s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt, "Moves with every look at the chain: no cursor"),
                    s.Optional(
                        "registrationStateLastChangedAt",
                        Shapes.Moment,
                        r => r.RegistrationStateLastChangedAt,
                        "What lastUpdate of /inbox-agents/diff is compared with"
                    ),
                    s.RequiredOrNull("lastCheckedAt", Shapes.Moment, r => r.LastCheckedAt),
                    s.RequiredOrNull("agentIdentifier", Shapes.AnyText, r => r.AgentIdentifier, "Null until the token's transaction is made"),
                    s.Required("metadataVersion", Shapes.Integer(), r => r.MetadataVersion),
                    s.RequiredOrNull("sendFundingLovelace", Shapes.AnyText, r => r.SendFundingLovelace, "Null: what the chain and wallets need"),
                    s.Required("SmartContractWallet", RegistryWallet.Shape, r => r.SmartContractWallet, "The selling wallet that made the token"),
                    s.RequiredOrNull("RecipientWallet", RegistryWallet.Shape, r => r.RecipientWallet, "Where the token went, if not there"),
                    s.RequiredOrNull("CurrentTransaction", RegistryTransaction.Shape, r => r.CurrentTransaction, "The newest transaction of the registration")
                )
        );
}

/// <summary>A page of inbox registrations.</summary>
public sealed record InboxPage(ImmutableArray<InboxEntry> Assets, HiddenRows? Hidden = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<InboxPage> Shape { get; } =
        Shapes.Record<InboxPage>(s =>
            new(
                s.Required("Assets", Shapes.List(InboxEntry.Shape), r => r.Assets),
                s.Optional(HiddenRows.Member, HiddenRows.Shape, r => r.Hidden, HiddenRows.Text)
            )
        );
}

/// <summary>What the chain says about an inbox, strings joined.</summary>
public sealed record InboxMetadata(string Name, string? Description, string AgentSlug, long MetadataVersion)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<InboxMetadata> Shape { get; } =
        Shapes.Record<InboxMetadata>(s =>
            new(
                s.Required("name", Shapes.AnyText, r => r.Name),
                s.OptionalOrNull("description", Shapes.AnyText, r => r.Description),
                s.Required("agentSlug", Shapes.AnyText, r => r.AgentSlug),
                s.Required("metadataVersion", Shapes.Integer(), r => r.MetadataVersion, "1 until now")
            )
        );
}

/// <summary>The token of an inbox, and what the chain says about it.</summary>
public sealed record RegisteredInbox(string PolicyId, string AssetName, string AgentIdentifier, InboxMetadata Metadata)
{
    /// <summary>As one of several.</summary>
    public static RecordShape<RegisteredInbox> Shape { get; } = Shapes.Record<RegisteredInbox>("InboxAgentMetadata", Named);

    /// <summary>As the one that was asked for.</summary>
    public static RecordShape<RegisteredInbox> SingleShape { get; } = Shapes.Record<RegisteredInbox>("InboxAgentIdentifierMetadata", Named);

    private static RegisteredInbox Named(Members<RegisteredInbox> s) =>
        new(
            s.Required("policyId", Shapes.AnyText, r => r.PolicyId, "Which registry"),
            s.Required("assetName", Shapes.AnyText, r => r.AssetName, "In hex"),
            s.Required("agentIdentifier", Shapes.AnyText, r => r.AgentIdentifier, "Both together"),
            s.Required("Metadata", InboxMetadata.Shape, r => r.Metadata)
        );
}

/// <summary>The inboxes whose tokens a wallet holds.</summary>
public sealed record RegisteredInboxes(ImmutableArray<RegisteredInbox> Assets)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RegisteredInboxes> Shape { get; } =
        Shapes.Record<RegisteredInboxes>(s => new(s.Required("Assets", Shapes.List(RegisteredInbox.Shape), r => r.Assets)));
}
