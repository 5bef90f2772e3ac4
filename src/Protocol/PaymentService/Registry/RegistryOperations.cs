using System.Collections.Immutable;
using Masumi.Protocol.Wire;
using static Masumi.Protocol.PaymentService.Registry.RegistryRefusals;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>The operations about agents on chain (spec payment-service-api.md 6.6).</summary>
public static class RegistryOperations
{
    private const string Tag = "registry";
    private const string OwnOnly = "The registrations that were made here, not those of the whole network: a registry service knows them.";

    /// <summary>How many agents this node registered.</summary>
    public static Operation<CountAgents, RegistryCount> Count { get; } =
        new("GET", "/registry/count", Access.Read, "countAgents", Tag, "How many agents this node registered", CountAgents.Shape, RegistryCount.Shape)
        {
            Description = OwnOnly,
            RequestExample = new(Network.Preprod, null, PaymentSourceType.Web3CardanoV2),
            AnswerExample = new(3),
        };

    /// <summary>The agents whose tokens a wallet holds, as the chain describes them.</summary>
    public static Operation<AgentsOfWallet, RegisteredAgents> OfWallet { get; } =
        new(
            "GET",
            "/registry/wallet",
            Access.Read,
            "getAgentsOfWallet",
            Tag,
            "The agents whose tokens a wallet of this node holds, as the chain describes them",
            AgentsOfWallet.Shape,
            RegisteredAgents.Shape
        )
        {
            Description = "All of them at once. A token whose description cannot be read is left out.",
            Refusals = [UnsupportedSource, WalletNotFound, StakeAddressNotFound, WalletWithoutAssets],
            RequestExample = new(RegistryExamples.Vkey, Network.Preprod, RegistryExamples.Contract),
            AnswerExample = new([RegistryExamples.Agent]),
        };

    /// <summary>One agent as the chain describes it.</summary>
    public static Operation<AgentOnChain, RegisteredAgent> OnChain { get; } =
        new(
            "GET",
            "/registry/agent-identifier",
            Access.Read,
            "getAgent",
            Tag,
            "An agent as the chain describes it, whoever registered it",
            AgentOnChain.Shape,
            RegisteredAgent.SingleShape
        )
        {
            Description = "The agent's registry must be that of a payment source of this node. A token that was burned still has its last description.",
            Refusals =
            [
                IdentifierNotHex,
                UnsupportedPolicy,
                AgentOutOfScope,
                AgentNotFound,
                ChainFailed,
                MetadataNotFound,
                MetadataInvalid,
                MetadataWithoutPricing,
            ],
            RequestExample = new(RegistryExamples.AgentIdentifier, Network.Preprod),
            AnswerExample = RegistryExamples.Agent,
        };

    /// <summary>The agents that this node registered.</summary>
    public static Operation<ListAgents, RegistryPage> List { get; } =
        new("GET", "/registry", Access.Read, "listAgents", Tag, "The agents that this node registered, newest first", ListAgents.Shape, RegistryPage.Shape)
        {
            Description = OwnOnly,
            RequestExample = new(10, null, Network.Preprod, null, PaymentSourceType.Web3CardanoV2, RegistrationFilter.Registered, null, null, null, null),
            AnswerExample = new([RegistryExamples.Entry]),
        };

    /// <summary>Puts an agent on chain.</summary>
    public static Operation<RegisterAgent, RegistryEntry> Register { get; } =
        new("POST", "/registry", Access.Pay, "registerAgent", Tag, "Puts an agent on chain", RegisterAgent.Shape, RegistryEntry.Shape)
        {
            Description =
                "The selling wallet makes the agent's token within the next blocks and pays for it, so that it needs some ADA. The agent itself is not called. "
                + "The identifier is in the row when the token's transaction is made; a failed registration is deleted and made anew.",
            Refusals = [UnsupportedSource, OutOfScope, SourcesMissingOnV2, SourcesOnV1, PricingMissingOnV1, VerificationsOnV1, .. OfDetails],
            RequestExample = new(Network.Preprod, RegistryExamples.Vkey, null, null, RegistryExamples.Details),
            AnswerExample = RegistryExamples.In(RegistrationState.RegistrationRequested),
        };

    /// <summary>Forgets a registration.</summary>
    public static Operation<DeleteRegistration, RegistryEntry> Delete { get; } =
        new(
            "DELETE",
            "/registry",
            Access.Admin,
            "deleteAgentRegistration",
            Tag,
            "Forgets a registration that failed, or whose token was burned",
            DeleteRegistration.Shape,
            RegistryEntry.Shape
        )
        {
            Refusals = [RowNotFound, NotDeletableNow],
            RequestExample = new(RegistryExamples.Entry.Id),
            AnswerExample = RegistryExamples.In(RegistrationState.DeregistrationConfirmed),
        };

    /// <summary>The registrations that changed.</summary>
    public static Operation<DiffAgents, RegistryPage> Diff { get; } =
        new(
            "GET",
            "/registry/diff",
            Access.Read,
            "diffAgents",
            Tag,
            "The registrations that changed since a moment, oldest change first",
            DiffAgents.Shape,
            RegistryPage.Shape
        )
        {
            Description = "Pass the last row's registrationStateLastChangedAt and id to go on; that row comes once more.",
            RequestExample = new(50, RegistryExamples.Entry.Id, RegistryExamples.Made, Network.Preprod, null, PaymentSourceType.Web3CardanoV2),
            AnswerExample = new([RegistryExamples.Entry]),
        };

    /// <summary>Takes an agent off the chain.</summary>
    public static Operation<DeregisterAgent, RegistryEntry> Deregister { get; } =
        new(
            "POST",
            "/registry/deregister",
            Access.Pay,
            "deregisterAgent",
            Tag,
            "Takes an agent off the chain: its token is burned",
            DeregisterAgent.Shape,
            RegistryEntry.Shape
        )
        {
            Description = "For the key that registered it, or an admin key. The ADA beside the token comes back.",
            Refusals = [.. OfHolder, NotYoursToDeregister, NotDeregisterableNow],
            RequestExample = new(RegistryExamples.AgentIdentifier, Network.Preprod, RegistryExamples.Contract),
            AnswerExample = RegistryExamples.In(RegistrationState.DeregistrationRequested),
        };

    /// <summary>Replaces what the chain says about an agent.</summary>
    public static Operation<UpdateAgent, RegistryEntry> Update { get; } =
        new(
            "POST",
            "/registry/update",
            Access.Pay,
            "updateAgent",
            Tag,
            "Replaces what the chain says about an agent; V2 only",
            UpdateAgent.Shape,
            RegistryEntry.Shape
        )
        {
            Description =
                "For the key that registered it, or an admin key. The agent identifier changes: its version goes up by one, and the old one names nothing. "
                + "Buyers name a way of paying by its place in the list, so keep the order.",
            Refusals = [.. OfHolder, UpdateNeedsV2, TypeNotUpdatable, .. OfDetails, NotYoursToUpdate, NotUpdatableNow, NotUpdatableAnyMore],
            RequestExample = new(
                Network.Preprod,
                null,
                null,
                RegistryExamples.Details with
                {
                    Description = "Makes one page of twenty",
                },
                RegistryExamples.AgentIdentifier,
                RegistryExamples.Contract
            ),
            AnswerExample = RegistryExamples.In(RegistrationState.UpdateRequested) with { Description = "Makes one page of twenty" },
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [Count, OfWallet, OnChain, List, Register, Delete, Diff, Deregister, Update];
}
