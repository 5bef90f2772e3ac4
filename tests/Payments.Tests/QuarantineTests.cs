using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Devnet;

namespace Masumi.Payments.Tests;

/// <summary>What is at the contract and nobody here asked for, and what a transaction would make of a request (spec since-0.28.md 8).</summary>
public sealed class QuarantineTests(UnexplainedWorld world) : IClassFixture<UnexplainedWorld>
{
    private const string All = $"tx-sync-quarantine?network={PaymentWorld.Network}";

    [Fact]
    public async Task Money_that_names_a_wallet_of_ours_and_belongs_to_no_request_waits_for_a_person()
    {
        var identifier = await world.LockAsync();
        var party = new PartyOnChain(world, world.BuyerKeys);
        Assert.Empty((await world.CallAsync("GET", All)).Data["Quarantine"]!.AsArray());
        var datum = party.Datum(party.Escrow(identifier));
        var strange = party.Lock(datum with { BuyerNonce = datum.SellerNonce }, Lovelace.FromAda(7));
        Assert.IsType<DevnetSubmission.Accepted>(party.Send(strange));
        await world.SettleAsync();
        var row = Assert.Single((await world.CallAsync("GET", All)).Data["Quarantine"]!.AsArray())!;
        var hash = Assert.IsType<BuildResult.Built>(strange).Transaction.Id.ToString();
        Assert.Equal((hash, "ProcessingFailed", true), ((string?)row["txHash"], (string?)row["reason"], (bool)row["needsOperator"]!));
        Assert.True(DateTimeOffset.Parse((string)row["createdAt"]!, System.Globalization.CultureInfo.InvariantCulture) > DateTimeOffset.UnixEpoch.AddYears(1));
        Assert.Equal(world.Escrow.ToString(), (string?)row["PaymentSource"]!["smartContractAddress"]);
        foreach (
            var (query, count) in new[] { ("status=NeedsOperator", 1), ("status=Pending", 0), ("status=Resolved", 0), ("status=All", 1), ("cursorId=c0", 0) }
        )
        {
            Assert.Equal(count, (await world.CallAsync("GET", $"{All}&{query}")).Data["Quarantine"]!.AsArray().Count);
        }

        Assert.Single((await world.CallAsync("GET", $"{All}&cursorId={(string)row["id"]!}")).Data["Quarantine"]!.AsArray());
        Assert.Equal(400, (await world.CallAsync("GET", $"{All}&status=Odd")).Status);

        // It is about nothing that anybody asked for here.
        await RefusedAsync(Preview("Payment", identifier, hash), 400, "Transaction does not validate for this request: it does not touch its escrow");
        var (_, payer) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay" });
        await world.RefusedAsync("GET", All, null, 401, "Unauthorized, admin access required", payer);
    }

    [Fact]
    public async Task A_preview_says_what_a_transaction_would_make_of_a_request_and_changes_nothing()
    {
        var identifier = await world.LockAsync();
        var locked = (string)(await world.ActAsync("POST", "purchase/resolve-blockchain-identifier", identifier)).Data["CurrentTransaction"]!["txHash"]!;
        var before = await world.StateAsync();
        foreach (var kind in new[] { "Purchase", "Payment" })
        {
            var preview = (await world.CallAsync("POST", "request-repair/preview", Preview(kind, identifier, locked.ToUpperInvariant()))).Data;
            Assert.Equal(
                ("FundsLocked", "FundsLocked", locked),
                ((string?)preview["derivedOnChainState"], (string?)preview["currentOnChainState"], (string?)preview["txHash"])
            );
            Assert.Equal(0, (int)preview["outputIndex"]!);
        }

        Assert.Equal(before, await world.StateAsync());
        await RefusedAsync(Preview("Purchase", "nothing", locked), 404, "Request not found");
        await RefusedAsync(Preview("Purchase", identifier, new string('0', 64)), 404, "Transaction not found on chain");
        Assert.Equal(400, (await world.CallAsync("POST", "request-repair/preview", Preview("Purchase", identifier, "00"))).Status);
    }

    private static JsonObject Preview(string kind, string identifier, string hash) =>
        new()
        {
            ["kind"] = kind,
            ["network"] = PaymentWorld.Network,
            ["blockchainIdentifier"] = identifier,
            ["txHash"] = hash,
        };

    private async Task RefusedAsync(JsonObject body, int status, string message) =>
        await world.RefusedAsync("POST", "request-repair/preview", body, status, message);
}

/// <summary>A world of its own: what others lock is nobody's here.</summary>
public sealed class UnexplainedWorld : PaymentWorld;
