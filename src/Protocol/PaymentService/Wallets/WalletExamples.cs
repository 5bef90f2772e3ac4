namespace Masumi.Protocol.PaymentService.Wallets;

// Wallets of the Preprod network that nobody has. The phrase is the best known one of all, so that nobody takes it for theirs.
internal static class WalletExamples
{
    public const string SellingId = "cmk2va1m40003l8f3e9h6w8cd";
    public const string SellingVkey = "d6d4a76f4f0d385c393d28da10d4ea888d0fc0578ed4c2d99317b73f";
    public const string SellingAddress = "addr_test1qrtdffm0fuxnshpe855d5yx5a2yg6r7q278dfskejvtmw0cjpcan57esefdxt39jtpgrq7wnlnyv2h4wxzdqmzqpnnus47ncjq";
    public const string FundingId = "cmk2vc7tq0007l8f30k4r2y6g";
    public const string FundingVkey = "a4e83dfc31472c1ff195ded85e348146195f222353ff080512b62490";
    public const string FundingAddress = "addr_test1qzjws00ux9rjc8l3jh0dsh35s9rpjhezydfl7zq9z2mzfy8cq25wy2uqzx9q5d0k3yd32v5ls8zc73jjzfr37v3kerwssd5scv";
    public const string CollectionAddress = "addr_test1qpp0yrg3xsh906n73ax9ufvwzjckj9ke2guxkzuz6dzsae3yh7wuw42h43jkmxem6qmvezz4q6xfpm2p88yqtyuyk9ysxl488t";
    public const string SourceId = "cmk2v7d3a0000l8f3z1b4m9xq";
    public const string TxHash = "709b55bd3da0f5a838125bd0ee20c5bfdd7caba173912d4281cae816b79a201b";
    public const string TestUsdm = "16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d";
    public const string Mnemonic =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
        + "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art";

    public static DateTimeOffset Noon { get; } = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public static LowBalanceSummary Healthy { get; } = new(IsLow: false, 0, Noon);

    public static FundDistributionConfig Config { get; } = new("cmk2vc7tq0008l8f3h5n1d7wz", Enabled: true, 300_000);
}
