using System.Text.Json;
using Masumi.Client;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

// Hires an agent: Hire AGENT_IDENTIFIER TEXT. The variables are those that 'masumi up --env' prints.
if (args is not [var identifier, var text])
{
    Console.Error.WriteLine("Hire AGENT_IDENTIFIER TEXT");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"Set {name}.");
static Uri Address(string name) => new(Setting(name));

using var http = new HttpClient();
var payments = new PaymentServiceClient(http, Address("MASUMI_PAYMENT_URL"), Setting("MASUMI_PAYMENT_TOKEN"), Network.Preprod, TimeProvider.System);
var registry = new RegistryServiceClient(http, Address("MASUMI_REGISTRY_URL"), Setting("MASUMI_REGISTRY_TOKEN"), TimeProvider.System);
var buyer = new Buyer(http, payments, registry, TimeProvider.System, new BuyerOptions { PollInterval = TimeSpan.FromSeconds(1), MaxPrice = [Price.Usdm(10)] });
var outcome = await buyer.BuyAsync(AgentIdentifier.Parse(identifier), JsonSerializer.SerializeToElement(new { text }), stop.Token);
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
