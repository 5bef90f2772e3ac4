using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Wire;
using static Masumi.Protocol.PaymentService.Inbox.InboxRefusals;
using static Masumi.Protocol.PaymentService.Registry.RegistryRefusals;

namespace Masumi.Protocol.PaymentService.Inbox;

/// <summary>
/// The operations about inboxes of messages on chain: tokens of the same registries as agents, with a slug in place of an address (spec
/// payment-service-api.md 8.3).
/// </summary>
public static class InboxOperations
{
    private const string Tag = "inbox-agents";

    private static readonly RegisteredInbox Inbox = new(
        RegistryExamples.PolicyId,
        RegistryExamples.AssetName,
        RegistryExamples.AgentIdentifier,
        new InboxMetadata("Help desk", "Answers within a day", "help-desk", 1)
    );

    private static readonly InboxEntry Entry = new(
        null,
        "cmk2va4xy0009l8f3d0q8r5zt",
        "Help desk",
        "Answers within a day",
        "help-desk",
        RegistrationState.RegistrationConfirmed,
        RegistryExamples.Made,
        RegistryExamples.Made.AddMinutes(6),
        RegistryExamples.Made.AddMinutes(2),
        RegistryExamples.Made.AddMinutes(6),
        RegistryExamples.AgentIdentifier,
        1,
        null,
        RegistryExamples.Wallet,
        null,
        RegistryExamples.Transaction
    );

    /// <summary>The inboxes whose tokens a wallet holds, as the chain describes them.</summary>
    public static Operation<AgentsOfWallet, RegisteredInboxes> OfWallet { get; } =
        new(
            "GET",
            "/inbox-agents/wallet",
            Access.Read,
            "getInboxesOfWallet",
            Tag,
            "The inboxes whose tokens a wallet of this node holds, as the chain describes them",
            AgentsOfWallet.Shape,
            RegisteredInboxes.Shape
        )
        {
            IsStatusClosed = true,
            Description = "All of them at once. A token whose description is not that of an inbox is left out.",
            Refusals = [UnsupportedSource, WalletNotFound, StakeAddressNotFound, WalletWithoutAssets],
            RequestExample = new(RegistryExamples.Vkey, Network.Preprod, RegistryExamples.Contract),
            AnswerExample = new([Inbox]),
        };

    /// <summary>One inbox as the chain describes it.</summary>
    public static Operation<AgentOnChain, RegisteredInbox> OnChain { get; } =
        new(
            "GET",
            "/inbox-agents/agent-identifier",
            Access.Read,
            "getInbox",
            Tag,
            "An inbox as the chain describes it, whoever registered it",
            AgentOnChain.Shape,
            RegisteredInbox.SingleShape
        )
        {
            IsStatusClosed = true,
            Refusals = [IdentifierNotHex, UnsupportedPolicy, AgentOutOfScope, AgentNotFound, ChainFailed, MetadataNotFound, InboxRefusals.MetadataInvalid],
            RequestExample = new(RegistryExamples.AgentIdentifier, Network.Preprod),
            AnswerExample = Inbox,
        };

    /// <summary>The inboxes that this node registered.</summary>
    public static Operation<ListInboxes, InboxPage> List { get; } =
        new("GET", "/inbox-agents", Access.Read, "listInboxes", Tag, "The inboxes that this node registered, newest first", ListInboxes.Shape, InboxPage.Shape)
        {
            IsStatusClosed = true,
            RequestExample = new(10, null, Network.Preprod, RegistryExamples.Contract, RegistrationFilter.Registered, "help"),
            AnswerExample = new([Entry]),
        };

    /// <summary>Puts an inbox on chain.</summary>
    public static Operation<RegisterInbox, InboxEntry> Register { get; } =
        new("POST", "/inbox-agents", Access.Pay, "registerInbox", Tag, "Puts an inbox on chain", RegisterInbox.Shape, InboxEntry.Shape)
        {
            IsStatusClosed = true,
            Description = "The selling wallet makes the token and pays for it. Nobody keeps others from the same slug: the token's identifier is what counts.",
            Refusals =
            [
                UnsupportedSource,
                OutOfScope,
                RecipientNotFound,
                FundingNotAllowed,
                SlugPadded,
                SlugMissing,
                SlugNotCanonical,
                SlugReserved,
                MetadataTooLarge,
            ],
            RequestExample = new(Network.Preprod, RegistryExamples.Vkey, null, null, Entry.Name, Entry.Description, Entry.AgentSlug),
            AnswerExample = In(RegistrationState.RegistrationRequested),
        };

    /// <summary>Forgets a registration.</summary>
    public static Operation<DeleteRegistration, InboxEntry> Delete { get; } =
        new(
            "DELETE",
            "/inbox-agents",
            Access.Admin,
            "deleteInboxRegistration",
            Tag,
            "Forgets a registration that failed, or whose token was burned",
            DeleteRegistration.Shape,
            InboxEntry.Shape
        )
        {
            IsStatusClosed = true,
            Refusals = [RowNotFound, NotDeletableNow],
            RequestExample = new(Entry.Id),
            AnswerExample = In(RegistrationState.DeregistrationConfirmed),
        };

    /// <summary>The registrations that changed.</summary>
    public static Operation<DiffInboxes, InboxPage> Diff { get; } =
        new(
            "GET",
            "/inbox-agents/diff",
            Access.Read,
            "diffInboxes",
            Tag,
            "The registrations that changed since a moment, oldest change first",
            DiffInboxes.Shape,
            InboxPage.Shape
        )
        {
            IsStatusClosed = true,
            Description = "Pass the last row's registrationStateLastChangedAt and id to go on; that row comes once more.",
            RequestExample = new(50, Entry.Id, RegistryExamples.Made, Network.Preprod, RegistryExamples.Contract),
            AnswerExample = new([Entry]),
        };

    /// <summary>Takes an inbox off the chain.</summary>
    public static Operation<DeregisterInbox, InboxEntry> Deregister { get; } =
        new(
            "POST",
            "/inbox-agents/deregister",
            Access.Pay,
            "deregisterInbox",
            Tag,
            "Takes an inbox off the chain: its token is burned",
            DeregisterInbox.Shape,
            InboxEntry.Shape
        )
        {
            IsStatusClosed = true,
            Description = "For the key that registered it, or an admin key. The ADA beside the token comes back.",
            Refusals = [IdentifierNotHex, .. OfHolder, NotYoursToDeregister, NotDeregisterableNow],
            RequestExample = new(RegistryExamples.AgentIdentifier, Network.Preprod, RegistryExamples.Contract),
            AnswerExample = In(RegistrationState.DeregistrationRequested),
        };

    /// <summary>How many inboxes this node registered.</summary>
    public static Operation<CountInboxes, RegistryCount> Count { get; } =
        new("GET", "/inbox-agents/count", Access.Read, "countInboxes", Tag, "How many inboxes this node registered", CountInboxes.Shape, RegistryCount.Shape)
        {
            IsStatusClosed = true,
            RequestExample = new(Network.Preprod, RegistryExamples.Contract),
            AnswerExample = new(1),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [OfWallet, OnChain, List, Register, Delete, Diff, Deregister, Count];

    private static InboxEntry In(RegistrationState state) =>
        state == RegistrationState.RegistrationRequested
            ? Entry with
            {
                State = state,
                AgentIdentifier = null,
                LastCheckedAt = null,
                CurrentTransaction = null,
            }
            : Entry with
            {
                State = state,
            };
}
