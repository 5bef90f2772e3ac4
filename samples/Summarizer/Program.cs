using System.Text.Json;
using Masumi.Agents;
using Masumi.Client;
using Masumi.Protocol;

var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration.GetSection("Agent");
string Setting(string name) => settings[name] ?? throw new InvalidOperationException($"Set Agent:{name}.");

using var http = new HttpClient();
var payments = new PaymentServiceClient(
    http,
    new Uri(Setting("PaymentServiceUrl")),
    Setting("PaymentServiceKey"),
    Word.Parse<Network>(settings["Network"] ?? "Preprod"),
    TimeProvider.System,
    settings.GetSection("ClearTextHosts").Get<string[]>()
);
var options = new AgentOptions
{
    Name = "Summarizer",
    AgentIdentifier = AgentIdentifier.Parse(Setting("AgentIdentifier")),
    SellerVkey = WalletVkey.Parse(Setting("SellerVkey")),
    JobFile = settings["JobFile"] ?? "summarizer.jobs",
    PollInterval = TimeSpan.FromMilliseconds(settings.GetValue("PollMilliseconds", 5000)),
    InputSchema = JsonSerializer.SerializeToElement(
        new
        {
            input_data = new[]
            {
                new
                {
                    id = "text",
                    type = "string",
                    name = "Text",
                },
            },
        }
    ),
};

// The summary is the first sentence: what is sold here is the protocol.
static Task<string?> Summarize(JobContext job, CancellationToken cancellation)
{
    var text = job.Input.GetProperty("text").ToString().Trim();
    var end = text.IndexOf('.', StringComparison.Ordinal);
    return Task.FromResult<string?>(end < 0 ? text : text[..(end + 1)]);
}

builder.Services.AddSingleton(services => new Agent(options, payments, Summarize, TimeProvider.System, services.GetRequiredService<ILogger<Agent>>()));
builder.Services.AddHostedService(services => services.GetRequiredService<Agent>());
var app = builder.Build();
app.MapAgent(app.Services.GetRequiredService<Agent>());
await app.RunAsync();
