using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Escrow;

namespace Masumi.Payments.Tests;

/// <summary>The whole life of an escrow on a contract that a setup names by file (docs/contracts.md, "A contract of another's").</summary>
public sealed class ForeignContractTests(ForeignContractWorld world) : IClassFixture<ForeignContractWorld>
{
    private static readonly string ResultHash = new('d', 64);

    [Fact]
    public void The_contract_is_none_of_ours() =>
        Assert.NotEqual(
            EscrowScript.AddressOf(EscrowScript.V2(1, [KeyHash.Parse(new string('1', 56))], TimeSpan.FromMinutes(1)), NetworkId.Testnet),
            world.Escrow
        );

    [Fact]
    public async Task The_source_shows_the_parameters_of_the_script_in_the_file()
    {
        var source = Assert.Single((await world.CallAsync("GET", "payment-source")).Data["PaymentSources"]!.AsArray())!;
        Assert.Equal((0, 1), ((int)source["feeRatePermille"]!, (int)source["requiredAdminSignatures"]!));
        Assert.Null(source["FeeReceiverNetworkWallet"]);
        Assert.Equal(
            Address.Create(NetworkId.Testnet, Credential.Key(KeyHash.Parse(new string('1', 56)))).ToString(),
            (string?)Assert.Single(source["AdminWallets"]!.AsArray())!["walletAddress"]
        );
    }

    [Fact]
    public async Task A_disputed_result_is_released_and_collected()
    {
        var identifier = await world.LockAsync();
        await world.ActAsync("POST", "payment/submit-result", identifier, ResultHash);
        await world.BothAsync(identifier, "ResultSubmitted");
        await world.ActAsync("POST", "purchase/request-refund", identifier);
        await world.BothAsync(identifier, "Disputed");
        world.Devnet.Advance(TimeSpan.FromMinutes(30));
        await world.ActAsync("POST", "purchase/cancel-refund-request", identifier);
        await world.BothAsync(identifier, "Withdrawn");
    }

    [Fact]
    public async Task What_is_not_delivered_is_refunded()
    {
        var identifier = await world.LockAsync();
        world.Devnet.Advance(TimeSpan.FromHours(2) + TimeSpan.FromMinutes(15));
        await world.BothAsync(identifier, "RefundWithdrawn");
    }
}
