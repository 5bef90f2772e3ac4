using Masumi.Protocol.PaymentService.Deals;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>Made-up values in the right form, for the document's examples.</summary>
internal static class RegistryExamples
{
    public const string PolicyId = "67ab0c92c4ac1610895a1c965ee50aba41a8f1513b15240723b3bd0b";
    public const string AssetName = "10cd144960c7d0af304933602b49b674791e12a0bed5cac97fcda035ab000000";
    public const string AgentIdentifier = PolicyId + AssetName;
    public const string Vkey = "d6d4a76f4f0d385c393d28da10d4ea888d0fc0578ed4c2d99317b73f";

    public const string WalletAddress = "addr_test1qrtdffm0fuxnshpe855d5yx5a2yg6r7q278dfskejvtmw0evc55m9mtytulnxk5fgyeh8kg5ht4596ure7qd3uuqdn0s0tee7k";

    public const string Contract = "addr_test1wzs4e6wc95hkwezlccjw9mdvq0r0rsgx6zk34avptga3ftgn37w4g";
    public const string Image = "ipfs://QmXXW7tmBgpQpXoJMAMEXXFe9dyQcrLFKGuzxnHDnbKC7f";

    private const string Tusdm = "16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d";
    private static readonly AgentCapability Capability = new("summaries", "2.1.0");
    private static readonly AgentAuthor Author = new("Ada Example", "ada@example.org", null, "Example Works");
    private static readonly AgentLegal Legal = new("https://example.org/privacy", "https://example.org/terms", null, null);

    public static DateTimeOffset Made { get; } = new(2026, 11, 3, 9, 15, 0, TimeSpan.Zero);

    public static RegistryWallet Wallet { get; } = new(Vkey, WalletAddress);

    public static RegistryTransaction Transaction { get; } =
        new(
            "1b5b9ccb3e8d006a5230de9bda23ff91edc794d4f56410560830b418528e446c",
            TransactionStatus.Confirmed,
            12,
            "241557",
            5_310_442,
            Made.AddMinutes(2).ToUnixTimeSeconds()
        );

    public static AgentDetails Details { get; } =
        new(
            [Source],
            null,
            [Output],
            ["text", "summaries"],
            "Summaries",
            AgentType.Standard,
            "https://summaries.example.org",
            null,
            null,
            "Makes one page of ten",
            Capability,
            null,
            Legal,
            Author
        );

    public static RegistryEntry Entry { get; } =
        new(
            null,
            "cmk2v9q0h0007l8f3c5n7x2ab",
            Details.Name,
            Details.Description,
            AgentType.Standard,
            Details.ApiBaseUrl,
            null,
            null,
            Capability,
            Author,
            Legal,
            RegistrationState.RegistrationConfirmed,
            Details.Tags,
            Made,
            Made.AddMinutes(6),
            Made.AddMinutes(2),
            Made.AddMinutes(6),
            Details.ExampleOutputs,
            AgentIdentifier,
            null,
            null,
            [Source],
            [IndexedSource.Of(0, Source)],
            null,
            Wallet,
            null,
            Transaction
        );

    public static RegisteredAgent Agent { get; } =
        new(
            PolicyId,
            AssetName,
            AgentIdentifier,
            false,
            new AgentMetadata(
                Details.Name,
                Details.Description,
                AgentType.Standard,
                Details.ApiBaseUrl!,
                null,
                null,
                Details.ExampleOutputs,
                Details.Tags,
                Capability,
                Author,
                Legal,
                null,
                Image,
                2,
                [Source],
                [IndexedSource.Of(0, Source)],
                null
            )
        );

    private static AdvertisedSource Source =>
        new AdvertisedSource.OnCardano(
            Network.Preprod,
            PaymentSourceType.Web3CardanoV2,
            Contract,
            new SourcePricing.Fixed([new SourcePrice("", "2000000", null), new SourcePrice(Tusdm, "5000000", null)])
        );

    private static ExampleOutput Output => new("One page", "https://example.org/page.md", "text/markdown");

    /// <summary>The entry as it is while a transaction is wanted.</summary>
    public static RegistryEntry In(RegistrationState state) =>
        Entry with
        {
            State = state,
            AgentIdentifier = state == RegistrationState.RegistrationRequested ? null : AgentIdentifier,
            LastCheckedAt = state == RegistrationState.RegistrationRequested ? null : Entry.LastCheckedAt,
            CurrentTransaction = state == RegistrationState.RegistrationRequested ? null : Transaction,
        };
}
