using System.Text.Json;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;
using Masumi.Protocol.Tokens;

namespace Masumi.Client.Tests;

public sealed class OfferCheckTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);
    private static readonly BuyerNonce Nonce = BuyerNonce.Parse("3f1c9a0b7d2e4f60");
    private static readonly JsonElement Input = JsonDocument.Parse("""{"topic":"tides"}""").RootElement;
    private static readonly AgentIdentifier Agent = AgentIdentifier.Parse(new string('a', 120));
    private static readonly WalletVkey Seller = WalletVkey.Parse(new string('b', 56));

    private static readonly StartedJob Offer = new(
        "j1",
        BlockchainIdentifier.Parse("3187"),
        new Deadlines(Now.AddHours(1), Now.AddHours(2), Now.AddHours(8), Now.AddHours(14)),
        Agent,
        Seller,
        Nonce,
        Mip004.InputHash(Nonce, Input),
        PaymentSourceType.Web3CardanoV2,
        0,
        null,
        null
    );

    [Fact]
    public void An_offer_as_asked_is_paid() => Assert.Null(Refusal(Offer));

    [Fact]
    public void An_offer_for_somebody_or_something_else_is_refused()
    {
        var other = BuyerNonce.Parse("00112233445566");
        Assert.Equal($"The agent answered for purchaser {other}, not {Nonce}.", Refusal(Offer with { IdentifierFromPurchaser = other }));
        Assert.StartsWith(
            "The agent answered as ccc",
            Refusal(Offer with { AgentIdentifier = AgentIdentifier.Parse(new string('c', 120)) }),
            StringComparison.Ordinal
        );
        Assert.StartsWith("The offer is of seller ccc", Refusal(Offer with { SellerVkey = WalletVkey.Parse(new string('c', 56)) }), StringComparison.Ordinal);
        Assert.StartsWith("The offer is for input cc, ours is", Refusal(Offer with { InputHash = InputHash.Parse("cc") }), StringComparison.Ordinal);
        Assert.StartsWith(
            "The deadlines are not in order",
            Refusal(Offer with { Deadlines = new Deadlines(Now, Now.AddHours(2), Now.AddHours(8), Now.AddHours(14)) }),
            StringComparison.Ordinal
        );
    }

    // H5
    [Theory]
    [InlineData(73, 80, 90, 100, "Pay by time must be within 3 days: ")]
    [InlineData(1, 337, 340, 350, "Submit result time must be within 14 days: ")]
    [InlineData(1, 2, 171, 172, "Unlock time must be within 7 days after submit result time: ")]
    [InlineData(1, 2, 3, 721, "External dispute unlock time must be within 30 days: ")]
    [InlineData(1, 69_800_000, 69_800_001, 69_800_002, "Submit result time must be within 14 days: 9988-")]
    public void An_offer_whose_deadlines_hold_the_money_to_ransom_is_not_paid(double pay, double submit, double unlock, double dispute, string refusal) =>
        Assert.StartsWith(
            refusal,
            Refusal(Offer with { Deadlines = new Deadlines(Now.AddHours(pay), Now.AddHours(submit), Now.AddHours(unlock), Now.AddHours(dispute)) }),
            StringComparison.Ordinal
        );

    [Fact]
    public void An_offer_through_a_contract_of_another_generation_is_refused()
    {
        const string Other = "The offer is for a Web3CardanoV2 contract, the agent is registered for Web3CardanoV1.";
        Assert.Equal(Other, Refusal(Offer, type: PaymentSourceType.Web3CardanoV1));
        Assert.Null(Refusal(Offer with { PaymentSourceType = null }, type: PaymentSourceType.Web3CardanoV1));
        Assert.Null(Refusal(Offer with { PaymentSourceType = PaymentSourceType.Web3CardanoV1 }, type: PaymentSourceType.Web3CardanoV1));
    }

    [Fact]
    public void A_price_is_held_against_the_limit_of_its_own_token()
    {
        UnitAmount[] limits = [Price.Ada(5).On(Network.Preprod), Price.Usdm(2).On(Network.Preprod)];
        Assert.Null(Refusal(Offer, [Price.Ada(5).On(Network.Preprod)], limits));
        Assert.Null(Refusal(Offer, [Price.Ada(5).On(Network.Preprod), Price.Usdm(2).On(Network.Preprod)], limits));
        Assert.Equal("The price of 5.000001 ADA is over the limit.", Refusal(Offer, [Price.Ada(5.000001m).On(Network.Preprod)], limits));
        Assert.Equal("The price of 3 tUSDM is over the limit.", Refusal(Offer, [Price.TUsdm(3).On(Network.Preprod)], limits));
        Assert.Equal($"The price of 1 {Token.Usdm.Unit} is over the limit.", Refusal(Offer, [new UnitAmount(1, Token.Usdm.Unit)], limits));
    }

    [Fact]
    public void A_price_in_parts_is_held_against_the_limit_as_a_whole()
    {
        var parts = new[] { Price.Ada(3).On(Network.Preprod), Price.Ada(3).On(Network.Preprod) };
        Assert.Equal("The price of 6 ADA is over the limit.", Refusal(Offer, parts, [Price.Ada(5).On(Network.Preprod)]));
    }

    [Fact]
    public void With_a_limit_an_offer_must_name_its_price()
    {
        UnitAmount[] limits = [Price.Ada(5).On(Network.Preprod)];
        Assert.Equal("The offer names no price to hold against the limit.", Refusal(Offer, null, limits));
        Assert.Equal("The offer names no price to hold against the limit.", Refusal(Offer, [], limits));
        Assert.Null(Refusal(Offer with { Amounts = limits }, null, limits));
        Assert.Null(Refusal(Offer, null, null));
    }

    private static string? Refusal(
        StartedJob job,
        IReadOnlyList<UnitAmount>? price = null,
        IReadOnlyList<UnitAmount>? limits = null,
        PaymentSourceType? type = null
    ) =>
        OfferCheck.Refuse(
            job,
            new PaymentInformation(Agent, "Tides", new Uri("https://a.example"), null, Seller, price, type, default),
            Nonce,
            Input,
            limits,
            Network.Preprod,
            Now,
            DeadlineLimits.Default
        );
}
