using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>An agent that this node registered, and how the registration stands.</summary>
public sealed record RegistryEntry(
    string? Error,
    string Id,
    string Name,
    string? Description,
    AgentType Type,
    string? ApiBaseUrl,
    string? OpenApiSpecUrl,
    string? X402ResourcesUrl,
    AgentCapability Capability,
    AgentAuthor Author,
    AgentLegal Legal,
    RegistrationState State,
    ImmutableArray<string> Tags,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? RegistrationStateLastChangedAt,
    DateTimeOffset? LastCheckedAt,
    ImmutableArray<ExampleOutput> ExampleOutputs,
    string? AgentIdentifier,
    AgentPricing? Pricing,
    string? SendFundingLovelace,
    ImmutableArray<AdvertisedSource>? Sources,
    ImmutableArray<IndexedSource>? IndexedSources,
    ImmutableArray<AgentVerification>? Verifications,
    RegistryWallet SmartContractWallet,
    RegistryWallet? RecipientWallet,
    RegistryTransaction? CurrentTransaction
)
{
    /// <summary>What is worth knowing before a buyer comes: a price that does not cover what a job costs.</summary>
    public ImmutableArray<ProblemRow>? Warnings { get; init; }

    /// <summary>As on the wire.</summary>
    public static RecordShape<RegistryEntry> Shape { get; } =
        Shapes.Record<RegistryEntry>(
            "RegistryEntry",
            s =>
                new(
                    s.RequiredOrNull("error", Shapes.AnyText, r => r.Error, "Why the last step failed, and what to do"),
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("name", Shapes.AnyText, r => r.Name),
                    s.RequiredOrNull("description", Shapes.AnyText, r => r.Description),
                    s.Default("type", Shapes.Word<AgentType>(), AgentType.Standard, r => r.Type, "How the agent is reached"),
                    s.RequiredOrNull("apiBaseUrl", Shapes.AnyText, r => r.ApiBaseUrl, "Null unless type is Standard"),
                    s.OptionalOrNull("openApiSpecUrl", Shapes.AnyText, r => r.OpenApiSpecUrl, "Null unless type is OpenApi"),
                    s.OptionalOrNull("x402ResourcesUrl", Shapes.AnyText, r => r.X402ResourcesUrl, "Null unless type is X402"),
                    s.Required("Capability", AgentCapability.Shape, r => r.Capability),
                    s.Required("Author", AgentAuthor.Shape, r => r.Author),
                    s.Required("Legal", AgentLegal.Shape, r => r.Legal),
                    s.Required("state", Shapes.Word<RegistrationState>(), r => r.State),
                    s.Required("Tags", Shapes.List(Shapes.AnyText), r => r.Tags),
                    s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                    s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt, "Moves with every look at the chain: no cursor"),
                    s.Optional(
                        "registrationStateLastChangedAt",
                        Shapes.Moment,
                        r => r.RegistrationStateLastChangedAt,
                        "What lastUpdate of /registry/diff is compared with"
                    ),
                    s.RequiredOrNull("lastCheckedAt", Shapes.Moment, r => r.LastCheckedAt),
                    s.Required("ExampleOutputs", Shapes.List(ExampleOutput.Shape), r => r.ExampleOutputs),
                    s.RequiredOrNull("agentIdentifier", Shapes.AnyText, r => r.AgentIdentifier, "Null until the token's transaction is made"),
                    s.RequiredOrNull("AgentPricing", AgentPricing.Shape, r => r.Pricing, "V1: what a job costs. V2: null"),
                    s.RequiredOrNull("sendFundingLovelace", Shapes.AnyText, r => r.SendFundingLovelace, "Null: what the chain and wallets need"),
                    s.RequiredOrNull("supportedPaymentSources", Shapes.List(AdvertisedSource.Shape), r => r.Sources, "V2: the ways of paying. V1: null"),
                    s.Optional(
                        "SupportedPaymentSources",
                        Shapes.List(IndexedSource.Shape),
                        r => r.IndexedSources,
                        "The same, flat and with its index, as registry services show it; empty on V1"
                    ),
                    s.RequiredOrNull("verifications", Shapes.List(AgentVerification.Shape), r => r.Verifications, "Claims of identity; checked by nobody here"),
                    s.Required("SmartContractWallet", RegistryWallet.Shape, r => r.SmartContractWallet, "The selling wallet that made the token"),
                    s.RequiredOrNull("RecipientWallet", RegistryWallet.Shape, r => r.RecipientWallet, "Where the token went, if not there"),
                    s.RequiredOrNull("CurrentTransaction", RegistryTransaction.Shape, r => r.CurrentTransaction, "The newest transaction of the registration")
                )
                {
                    Warnings = s.Optional("warnings", Shapes.List(ProblemRow.Shape), r => r.Warnings, "What is worth knowing before a buyer comes"),
                }
        );
}

/// <summary>A wallet of this node, as registrations name it.</summary>
public sealed record RegistryWallet(string WalletVkey, string WalletAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RegistryWallet> Shape { get; } =
        Shapes.Record<RegistryWallet>(s =>
            new(
                s.Required("walletVkey", Shapes.AnyText, r => r.WalletVkey, "Hash of its payment key"),
                s.Required("walletAddress", Shapes.AnyText, r => r.WalletAddress)
            )
        );
}

/// <summary>A transaction of a registration.</summary>
/// <param name="TxHash">Null until it is signed.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Confirmations">Blocks on top; null until it is in one.</param>
/// <param name="Fees">Lovelace, decimal digits.</param>
/// <param name="BlockHeight">Of the block it is in.</param>
/// <param name="BlockTime">Of the block it is in, in unix seconds.</param>
public sealed record RegistryTransaction(string? TxHash, TransactionStatus Status, long? Confirmations, string? Fees, long? BlockHeight, long? BlockTime)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RegistryTransaction> Shape { get; } =
        Shapes.Record<RegistryTransaction>(s =>
            new(
                s.RequiredOrNull("txHash", Shapes.AnyText, r => r.TxHash),
                s.Required("status", Shapes.Word<TransactionStatus>(), r => r.Status),
                s.RequiredOrNull("confirmations", Shapes.Whole(), r => r.Confirmations, "Blocks on top"),
                s.RequiredOrNull("fees", Shapes.AnyText, r => r.Fees, "Lovelace"),
                s.RequiredOrNull("blockHeight", Shapes.Whole(), r => r.BlockHeight),
                s.RequiredOrNull("blockTime", Shapes.Whole(), r => r.BlockTime, "Unix seconds")
            )
        );
}

/// <summary>A page of registrations.</summary>
public sealed record RegistryPage(ImmutableArray<RegistryEntry> Assets, HiddenRows? Hidden = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RegistryPage> Shape { get; } =
        Shapes.Record<RegistryPage>(s =>
            new(
                s.Required("Assets", Shapes.List(RegistryEntry.Shape), r => r.Assets),
                s.Optional(HiddenRows.Member, HiddenRows.Shape, r => r.Hidden, HiddenRows.Text)
            )
        );
}

/// <summary>How many registrations there are.</summary>
public sealed record RegistryCount(long Total, HiddenRows? Hidden = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RegistryCount> Shape { get; } =
        Shapes.Record<RegistryCount>(s =>
            new(s.Required("total", Shapes.Whole(), r => r.Total), s.Optional(HiddenRows.Member, HiddenRows.Shape, r => r.Hidden, HiddenRows.Text))
        );
}
