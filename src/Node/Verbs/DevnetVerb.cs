using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano.Parameters;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Devnet.Storage;
using Masumi.Devnet.Views;
using Masumi.Node.Hosting;
using Masumi.Node.Typed;
using Masumi.Protocol;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi devnet</c>: the development chain on its own, and the verbs that command a running one.</summary>
internal static class DevnetVerb
{
    private const int Unusable = 2;
    private const int MaxAccounts = 1000;

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port on loopback (0: any free one).", DefaultValueFactory = _ => 3003 };
        var blockTime = new Option<string>("--block-time")
        {
            Description = "How often a block is made, such as 1s or 20s; 0: one for every transaction.",
            DefaultValueFactory = _ => "1s",
        };
        var genesis = new Option<string?>("--genesis") { Description = "A Shelley genesis file: network magic, epoch length, start, initial funds." };
        var parameters = new Option<string?>("--parameters")
        {
            Description = "JSON of Blockfrost's epochs/latest/parameters; mainnet's, as shipped, by default.",
        };
        var accounts = new Option<int>("--accounts") { Description = "How many wallets are made and funded.", DefaultValueFactory = _ => 10 };
        var seed = new Option<string>("--seed") { Description = "The text the wallets are made from.", DefaultValueFactory = _ => DevnetAccounts.DefaultSeed };
        var state = new Option<string?>("--state") { Description = "A directory to keep blocks and clock in, and to go on from." };
        var views = new ViewOptions();
        var json = new Option<bool>("--json") { Description = "Print what it starts with as one line of JSON." };
        var command = new Command("devnet", "A Cardano development chain with a Blockfrost-compatible API, and the verbs that command a running one.")
        {
            port,
            blockTime,
            genesis,
            parameters,
            accounts,
            seed,
            state,
            views.View,
            views.Seed,
            json,
        };
        command.SetAction(
            (parsed, cancellation) =>
                SaidAsync(() =>
                {
                    var (show, words, asJson) = (views.Read(parsed), parsed.GetValue(seed)!, parsed.GetValue(json));
                    return RunAsync(() => Options(parsed), PortOf(parsed.GetValue(port)), words, show, asJson, cancellation);
                })
        );
        foreach (var verb in DevnetControl.All())
        {
            command.Add(verb);
        }

        return command;

        DevnetOptions Options(ParseResult parsed)
        {
            if (parsed.GetValue(state) is { } kept && string.IsNullOrWhiteSpace(kept))
            {
                throw new FormatException("--state: a directory is needed");
            }

            var options = WithBlockTime(new DevnetOptions(), parsed.GetValue(blockTime)!);
            options = parsed.GetValue(genesis) is { } file ? GenesisFile.Apply(options, HexFile.ReadAll(file, genesis.Name)) : options;
            return options with
            {
                Explain = ContractWords.Of(() => []),
                StateDirectory = parsed.GetValue(state),
                Parameters = parsed.GetValue(parameters) is { } path ? BlockfrostParameters.Read(HexFile.ReadAll(path, parameters.Name)) : options.Parameters,
                Wallets = DevnetAccounts.Derive(parsed.GetValue(seed)!, Within(parsed.GetValue(accounts)), DevnetAccounts.DefaultAmount),
            };
        }
    }

    private static async Task<int> SaidAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (IsUnusable(e))
        {
            await Console.Error.WriteLineAsync($"masumi devnet: {e.Message}");
            return Unusable;
        }
    }

    private static bool IsUnusable(Exception e) =>
        e is DevnetStateException or FormatException or ArgumentException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException;

    private static int Within(int accounts) =>
        accounts is >= 0 and <= MaxAccounts ? accounts : throw new FormatException($"--accounts: 0 to {MaxAccounts}, got {accounts}");

    private static int PortOf(int port) =>
        port is >= 0 and <= ushort.MaxValue ? port : throw new FormatException($"--port: 0 to {ushort.MaxValue}, got {port}");

    private static DevnetOptions WithBlockTime(DevnetOptions options, string text)
    {
        var seconds = text is "0" or "0s" ? 0 : SecondsOf(text);
        return seconds == 0
            ? options with
            {
                Production = BlockProduction.PerTransaction,
            }
            : options with
            {
                Production = BlockProduction.Interval,
                BlockInterval = seconds <= 86_400 ? TimeSpan.FromSeconds(seconds) : throw new FormatException($"--block-time: at most a day, got {text}"),
            };
    }

    private static long SecondsOf(string text)
    {
        try
        {
            return Duration.Seconds(text);
        }
        catch (FormatException e)
        {
            throw new FormatException($"--block-time: {e.Message}", e);
        }
    }

    private static async Task<int> RunAsync(
        Func<DevnetOptions> options,
        int port,
        string seed,
        Action<DevnetViews> show,
        bool json,
        CancellationToken cancellation
    )
    {
        await using var devnet = await DevnetServer.StartAsync(options(), port, cancellation);
        show(devnet.Views);
        var wallets = devnet.Chain.Wallets;
        if (devnet.Chain.StorageDamage is { } damage)
        {
            await Console.Error.WriteLineAsync($"masumi devnet: {damage}");
        }

        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["url"] = $"{devnet.BaseUrl}api/v0",
                    ["faucet"] = $"{devnet.Chain.FaucetAddress}",
                    ["seed"] = seed,
                    ["view_seed"] = devnet.Views.Seed,
                    ["views"] = ViewOptions.Json(devnet.Views),
                    ["accounts"] = new JsonArray([
                        .. wallets.Select(w => new JsonObject
                        {
                            ["address"] = $"{w.Address}",
                            ["lovelace"] = $"{w.Amount.Coin}",
                            ["assets"] = DevnetTokens.Assets(w.Amount),
                            ["mnemonic"] = w.Mnemonic,
                        }),
                    ]),
                }.ToJsonString()
            );
        }
        else
        {
            Console.WriteLine($"devnet at {devnet.BaseUrl}api/v0 (faucet {devnet.Chain.FaucetAddress}); Ctrl+C ends it");
            PrintAccounts(wallets, seed);
            ViewOptions.Print(devnet.Views);
        }

        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is the way out.
        }

        return 0;
    }

    private static void PrintAccounts(ImmutableArray<DevnetAccount> wallets, string seed)
    {
        if (wallets.IsEmpty)
        {
            return;
        }

        Console.WriteLine($"{wallets.Length} accounts with {TypedAmounts.Show(wallets[0].Amount, Network.Preprod)} each, made from the seed '{seed}'.");
        Console.WriteLine("Everybody can know these words: never use them on a public network.");
        for (var i = 0; i < wallets.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"({i}) {wallets[i].Address}"));
            Console.WriteLine($"    {wallets[i].Mnemonic}");
        }
    }
}
