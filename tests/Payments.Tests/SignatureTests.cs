using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;

namespace Masumi.Payments.Tests;

/// <summary>A world whose contract's admins are known to the tests.</summary>
public sealed class AdministeredWorld : PaymentWorld
{
    /// <summary>The keys of its one admin.</summary>
    internal static WalletKeys Admin { get; } = WalletKeys.FromMnemonic(Mnemonic.FromEntropy(new byte[32]));

    private protected override JsonObject SourceSetup(string folder) =>
        new()
        {
            ["contract"] = "own",
            ["family"] = "V2",
            ["requiredAdmins"] = 1,
            ["admins"] = new JsonArray(Admin.Payment.KeyHash.ToString()),
        };
}

/// <summary>Messages that wallets sign for others, and that others sign for us (spec payment-service-api.md 6.9).</summary>
public sealed class SignatureTests(AdministeredWorld world) : IClassFixture<AdministeredWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_selling_wallet_signs_that_its_agent_may_be_published_before_and_after_an_update()
    {
        var (_, stranger) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay" });
        var body = Publish(world.Agent);
        await world.RefusedAsync("POST", "signature/sign/verifyAndPublishAgent", body, 403, "You are not authorized to publish this agent", stranger);
        AssertSigned((await world.CallAsync("POST", "signature/sign/verifyAndPublishAgent", body)).Data);
        foreach (var nobody in new[] { new string('a', 120), new string('z', 57) })
        {
            await world.RefusedAsync("POST", "signature/sign/verifyAndPublishAgent", Publish(nobody), 404, "Registered agent not found");
        }

        var update = world.RegistrationBody(
            new JsonObject { ["pricingType"] = "Fixed", ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "5000000" }) }
        );
        var agent = await world.MintAsync(update, EscrowFamily.V2);
        update["agentIdentifier"] = agent;
        Assert.Equal(200, (await world.CallAsync("POST", "registry/update", update)).Status);
        var next = agent[..^1] + "1";
        var signed = await PaymentWorld.UntilAsync(
            async () => (await world.CallAsync("POST", "signature/sign/verifyAndPublishAgent", Publish(next))).Body!,
            answer => (string?)answer["status"] == "success",
            "a signature for the updated agent"
        );
        AssertSigned(signed["data"]!);
    }

    [Fact]
    public async Task Only_an_admin_of_the_contract_is_shown_the_data_of_a_disputed_payment()
    {
        var identifier = await world.LockAsync();
        await world.RefusedAsync("POST", "signature/verify/reveal-data", Reveal(identifier), 400, "Payment is not disputed state");
        await world.ActAsync("POST", "payment/submit-result", identifier, new string('b', 64));
        await world.BothAsync(identifier, "ResultSubmitted");
        await world.ActAsync("POST", "purchase/request-refund", identifier);
        await world.BothAsync(identifier, "Disputed");

        var (_, reader) = await world.KeyAsync(new JsonObject { ["permission"] = "Read" });
        Assert.True((bool)(await world.CallAsync("POST", "signature/verify/reveal-data", Reveal(identifier), reader)).Data["isValid"]!);
        var wrong = Reveal(identifier);
        wrong["validUntil"] = (long)wrong["validUntil"]! - 1;
        Assert.False((bool)(await world.CallAsync("POST", "signature/verify/reveal-data", wrong)).Data["isValid"]!);
        foreach (var (field, value) in new[] { ("signature", "00"), ("signature", "zz"), ("key", ""), ("key", "a0") })
        {
            var broken = Reveal(identifier);
            broken[field] = value;
            Assert.False((bool)(await world.CallAsync("POST", "signature/verify/reveal-data", broken)).Data["isValid"]!);
        }

        // The key of another wallet, though its signature is right.
        var borrowed = Reveal(identifier, world.SellerKeys);
        borrowed["walletAddress"] = AdministeredWorld.Admin.BaseAddress(NetworkId.Testnet).ToString();
        Assert.False((bool)(await world.CallAsync("POST", "signature/verify/reveal-data", borrowed)).Data["isValid"]!);

        await world.RefusedAsync("POST", "signature/verify/reveal-data", Reveal("nothing"), 404, "Payment not found");
        await world.RefusedAsync("POST", "signature/verify/reveal-data", Reveal(identifier, world.SellerKeys), 400, "Wallet is not an admin wallet");
        await world.RefusedAsync("POST", "signature/verify/reveal-data", Reveal(identifier, minutes: -1), 400, "Signature is expired");
        await world.RefusedAsync("POST", "signature/verify/reveal-data", Reveal(identifier, minutes: 125), 400, "Signature is too far in the future");
        var (_, elsewhere) = await world.KeyAsync(new JsonObject { ["permission"] = "Read", ["NetworkLimit"] = new JsonArray("Mainnet") });
        await world.RefusedAsync("POST", "signature/verify/reveal-data", Reveal(identifier), 403, "Network not allowed", elsewhere);
    }

    private static JsonObject Publish(string agent) =>
        new()
        {
            ["publicKey"] = "a \"key\" of ours ü",
            ["agentIdentifier"] = agent,
            ["action"] = "VerifyAndPublishAgent",
        };

    // The message is the network's, letter by letter, and a wallet's signature over it.
    private void AssertSigned(JsonNode signed)
    {
        var message = (string)signed["signatureData"]!;
        var until = (long)JsonNode.Parse(message)!["validUntil"]!;
        Assert.Equal(
            $$"""{"action":"VerifyAndPublishAgent","data":{"publicKey":"a \"key\" of ours ü","walletVkey":"{{world.SellerVkey}}"},"validUntil":{{until}}}""",
            message
        );
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(until) - world.Devnet.Clock.GetUtcNow(), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
        var cose = CoseSign1.FromCbor(Convert.FromHexString((string)signed["signature"]!));
        Assert.Equal(message, Encoding.UTF8.GetString(cose.Payload!.Value.Span));
        var key = CoseSign1.PublicKeyOf(Convert.FromHexString((string)signed["key"]!));
        Assert.True(cose.Verify(key));
        Assert.Equal(world.SellerKeys.Payment.PublicKey.ToArray(), key);
        Assert.Equal(world.SellerKeys.BaseAddress(NetworkId.Testnet).ToString(), (string?)signed["walletAddress"]);
    }

    private JsonObject Reveal(string identifier, WalletKeys? keys = null, int minutes = 60)
    {
        keys ??= AdministeredWorld.Admin;
        var until = world.Devnet.Clock.GetUtcNow().AddMinutes(minutes).ToUnixTimeMilliseconds();
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"action":"RevealData","blockchainIdentifier":"{{identifier}}","validUntil":{{until}}}"""
        );
        var address = keys.BaseAddress(NetworkId.Testnet);
        return new JsonObject
        {
            ["signature"] = Convert.ToHexStringLower(CoseSign1.Sign(keys.Payment, address, Encoding.UTF8.GetBytes(message)).ToCbor()),
            ["key"] = Convert.ToHexStringLower(CoseSign1.CoseKey(keys.Payment.PublicKey.Span)),
            ["walletAddress"] = address.ToString(),
            ["validUntil"] = until,
            ["blockchainIdentifier"] = identifier,
            ["action"] = "RevealData",
        };
    }
}
