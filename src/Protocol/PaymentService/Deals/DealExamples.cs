using System.Collections.Immutable;

namespace Masumi.Protocol.PaymentService.Deals;

// One deal, told in all examples: an agent on Preprod that works for two ADA.
internal static class DealExamples
{
    public const string PaymentId = "cmk3a1v7e0004qz9d8h2m6t5w";
    public const string PurchaseId = "cmk3a1w2f0007pr4b6k9s3n8y";
    public const string KeyId = "cmk2v9q0h0001l8f3c5n7x2ab";
    public const string Agent = "67ab2c90f1d4e8530a6b7c1924e5f3d8b06c4a71e9d25f83c0b41a6d" + "5e1f9a3c07d8b2460c95e4f1a83b6d720e4c19f58a7b3d6092c5e81f4a7d0b36";
    public const string AgentName = "Tide writer";
    public const string Nonce = "3f1c9a0b7d2e4f60a1b2";
    public const string InputHash = "3e725e253b2771e091be38ea9c4a12d0ab529f33656e60756787d14bc9653f69";
    public const string ResultHash = "089f9fe0c4d1a75be2f38160d94b7ca5e10f6283b7d9c4058e6a1f2d3b5c1b34";
    public const string SellerVkey = "5867c3b8e27840f556ac268b781578b14c5661fc63ee720dbeab663f";
    public const string BuyerVkey = "91c4e02f7ab53d68c0f1e4972b5d8a36f07e1c94b2d5a8630f9e7c41";
    public const string SellerAddress = "addr_test1qpvx0sacufuypa2k4sngk7q40zc5c4npl337uusdh64kv0uafhxhu32dys6pvn6wlw8dav6cmp4pmtv7cc3yel9uu0nq93swx9";
    public const string BuyerAddress = "addr_test1qzgufcp00w4n66xq78jfw266m52r0qls6js4ta9g8s8l8eqsx0txek2a4xwrsf0qjzlh8t4yndw0cv7c6ka3tr5hmu2q4eg7rd";
    public const string Contract = "addr_test1wzs7kp0d4ne5h8x3tmjlu9c2rfyq6vga8ws5ek3tnp7mdjcq4y8z2";
    public const string SourceId = "cmk1d4c8b0000wz7f2g5j9q1e";
    public const string Identifier =
        "2118660710f6e5c0a0b1609c03508034810403c0370061004b0129805cc0db00ac01a80570190138c0a28164001b001680a20056009c0258028f80d3006c";
    public const string Metadata = "{\"jobId\":\"7b0e1c52-1c4e-4a1c-9a53-0d6f3f7b8a11\"}";
    public const string LockHash = "b7d0e4a91c3f5826d97e0b4c8a1f63d2507e9cb4f18a36d0e25c7b94a0f8d361";
    public const string ResultTxHash = "4c19f58a7b3d6092c5e81f4a7d0b365e1f9a3c07d8b2460c95e4f1a83b6d720e";

    public static readonly DateTimeOffset Made = At(10, 0);
    public static readonly DateTimeOffset Locked = At(10, 1);
    public static readonly DateTimeOffset Delivered = At(10, 22);
    public static readonly DateTimeOffset Now = At(10, 30);
    public static readonly DateTimeOffset PayBy = At(12, 0);
    public static readonly DateTimeOffset SubmitResult = At(16, 0);
    public static readonly DateTimeOffset Unlock = At(22, 0);
    public static readonly DateTimeOffset Dispute = At(22, 0).AddHours(6);

    public static readonly ImmutableArray<AmountRow> Price = [new("2000000", "", "ADA", 6)];
    public static readonly DealSourceRow Source = new(SourceId, Network.Preprod, PaymentSourceType.Web3CardanoV2, Contract, Agent[..56]);
    public static readonly DealWalletRow SellingWallet = new("cmk1d4d2e0002wz7f6n3b8c4r", SellerVkey, SellerAddress);
    public static readonly DealWalletRow PurchasingWallet = new("cmk1d4d9k0003wz7f1t7h5v0m", BuyerVkey, BuyerAddress);
    public static readonly CounterpartyRow Buyer = new("cmk3a2b5c0009pr4b2w8d4x6f", BuyerVkey);
    public static readonly CounterpartyRow Seller = new("cmk3a2b9d000apr4b7y1e5z3g", SellerVkey);

    public static readonly TransactionRow Lock = new(
        "cmk3a1x9g0008pr4b5m2j7k1q",
        Made.AddSeconds(12),
        Locked,
        LockHash,
        TransactionStatus.Confirmed,
        "214357",
        4318220,
        Locked.ToUnixTimeSeconds(),
        null,
        OnChainState.FundsLocked,
        63,
        DealAct.Lock,
        DealParty.Buyer
    );

    public static readonly TransactionRow Result = new(
        "cmk3a9f3h000cqz9d4v6p1r7t",
        Delivered.AddSeconds(-40),
        Delivered,
        ResultTxHash,
        TransactionStatus.Confirmed,
        "341802",
        4318265,
        Delivered.ToUnixTimeSeconds(),
        OnChainState.FundsLocked,
        OnChainState.ResultSubmitted,
        18,
        DealAct.SubmitResult,
        DealParty.Seller
    );

    public static ImmutableArray<HappenedRow> Happened { get; } =
    [
        new(DealAct.Lock, DealParty.Buyer, LockHash, TransactionStatus.Confirmed, 4318220, Locked, "214357", "The buyer locked 2 ADA."),
        new(
            DealAct.SubmitResult,
            DealParty.Seller,
            ResultTxHash,
            TransactionStatus.Confirmed,
            4318265,
            Delivered,
            "341802",
            "The seller put the result's hash on chain."
        ),
    ];

    public static ImmutableSortedDictionary<string, string> Values(params ReadOnlySpan<(string Name, string Value)> values)
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            all.Add(name, value);
        }

        return all.ToImmutable();
    }

    private static DateTimeOffset At(int hour, int minute) => new(2026, 3, 2, hour, minute, 0, TimeSpan.Zero);
}
