using System.Text.Json;
using Masumi.Client;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

// Hires an agent: Hire AGENT_IDENTIFIER TEXT. The variables are those that 'masumi up --env' prints.
if (args is not [var name, var text] || !AgentIdentifier.TryParse(name, out var identifier))
{
    Console.Error.WriteLine("Hire AGENT_IDENTIFIER TEXT");
    return 2;
}

string[] needed = ["MASUMI_PAYMENT_URL", "MASUMI_PAYMENT_TOKEN", "MASUMI_REGISTRY_URL", "MASUMI_REGISTRY_TOKEN"];
if (Array.FindAll(needed, n => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(n))) is [_, ..] missing)
{
    Console.Error.WriteLine($"Set {string.Join(", ", missing)} ('masumi up --env' prints them).");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

static string Setting(string name) => Environment.GetEnvironmentVariable(name)!;
static Uri Address(string name) => new(Setting(name));

using var http = new HttpClient();
var payments = new PaymentServiceClient(http, Address("MASUMI_PAYMENT_URL"), Setting("MASUMI_PAYMENT_TOKEN"), Network.Preprod, TimeProvider.System);
var registry = new RegistryServiceClient(http, Address("MASUMI_REGISTRY_URL"), Setting("MASUMI_REGISTRY_TOKEN"), TimeProvider.System);
var buyer = new Buyer(http, payments, registry, TimeProvider.System, new BuyerOptions { PollInterval = TimeSpan.FromSeconds(1), MaxPrice = [Price.Usdm(10)] });
var outcome = await buyer.BuyAsync(identifier, JsonSerializer.SerializeToElement(new { text }), stop.Token);
switch (outcome)
{
    case BuyOutcome.Delivered delivered:
        // Its hash is the one on chain.
        Console.WriteLine(delivered.Result);
        return 0;
    default:
        Console.Error.WriteLine(outcome);
        return 1;
}
