using Masumi.Cardano.Addresses;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Node.Setup;
using Masumi.Settlement.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Node.Tests;

/// <summary>What <c>masumi node init</c> writes is what <c>masumi node</c> reads, and what cannot be used is asked again.</summary>
public sealed class NodeSetupTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-init-").FullName;
    private DevnetServer _devnet = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "masumi.json");

    private string Url => new Uri(_devnet.BaseUrl, "api/v0").ToString();

    public async ValueTask InitializeAsync() => _devnet = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);

    public async ValueTask DisposeAsync()
    {
        await _devnet.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_node_starts_with_what_was_written()
    {
        var admins = $"{new string('1', 56)}, {new string('2', 56)}, {new string('3', 56)}";
        var said = await RunAsync("devnet", admins, "", Url, "", "both", "new", "yes", "127.0.0.1:0");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }

        var settings = Read();
        Assert.Equal(NodeNetwork.Devnet, settings.Network);
        var source = Assert.Single(settings.Sources);
        Assert.Equal((2, 3), (source.Contract.Contract.RequiredAdmins, source.Contract.Contract.Admins.Length));
        Assert.Equal([WalletRole.Selling, WalletRole.Purchasing], source.Wallets.Select(w => w.Role));
        Assert.NotNull(settings.Registry);
        foreach (var wallet in source.Wallets)
        {
            var address = Cardano.Keys.WalletKeys.FromMnemonic(wallet.Mnemonic).BaseAddress(NetworkId.Testnet).ToString();
            Assert.Contains($"Fund the {wallet.Role} wallet of V2: {address}", said, StringComparison.Ordinal);
            Assert.DoesNotContain(wallet.Mnemonic, said, StringComparison.Ordinal);
        }

        Assert.Contains("█", said, StringComparison.Ordinal);
        Assert.Contains("masumi devnet fund", said, StringComparison.Ordinal);
        Assert.Contains("\n  // ", await System.IO.File.ReadAllTextAsync(File, Stop), StringComparison.Ordinal);
        await using var node = await PaymentNode.StartAsync(PaymentNodeOptions.Of(settings), NullLoggerFactory.Instance, Stop);
        Assert.Equal(2, (await node.Store.Wallets.ListAsync(Stop)).Length);
    }

    [Fact]
    public async Task What_cannot_be_used_is_said_and_asked_again()
    {
        var said = await RunAsync(
            "testnet",
            "dev",
            "",
            "abcd",
            string.Join(',', Enumerable.Repeat(new string('1', 56), 51)),
            new string('1', 56),
            "2",
            "1",
            "ftp://127.0.0.1",
            Url + "#s3cret",
            "http://127.0.0.1:1/api/v0",
            "",
            Url,
            "",
            "sell",
            "import",
            "secret words that are none",
            TestSettings.Mnemonic(7),
            "no",
            "nowhere",
            "224.0.0.1:3055",
            "127.0.0.1:3055"
        );
        Assert.Contains("one of Mainnet, Preprod, Devnet is needed", said, StringComparison.Ordinal);
        Assert.Contains("an answer is needed", said, StringComparison.Ordinal);
        Assert.Contains("a number from 1 to 1 is needed", said, StringComparison.Ordinal);
        Assert.Contains("an http or https address without a key in it is needed", said, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", said, StringComparison.Ordinal);
        Assert.Contains($"{ListenSettings.Allowed} is needed", said, StringComparison.Ordinal);
        Assert.DoesNotContain(TestSettings.Mnemonic(7), said, StringComparison.Ordinal);
        var settings = Read();
        Assert.Null(settings.Registry);
        Assert.Equal(TestSettings.Mnemonic(7), Assert.Single(Assert.Single(settings.Sources).Wallets).Mnemonic);
        Assert.Equal(3055, Assert.Single(settings.Listen).Port);
    }

    [Fact]
    public async Task A_provider_of_another_network_is_said_at_once()
    {
        await Assert.ThrowsAsync<UnansweredException>(() => RunAsync("preprod", "market", "both", Url, ""));
        Assert.Contains("magic 42, which goes with Devnet, got Preprod", _said.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void The_market_is_one_word_in_the_file()
    {
        var answers = new SetupAnswers
        {
            Network = NodeNetwork.Preprod,
            Contract = ContractChoice.Market,
            Families = [EscrowFamily.V2, EscrowFamily.V1],
            ChainUrl = new Uri("https://cardano-preprod.blockfrost.io/api/v0"),
            ChainKey = "preprod\"key",
            Wallets = [new SetupWallet(EscrowFamily.V1, WalletRole.Selling, TestSettings.Mnemonic(1))],
            Listen = "127.0.0.1:3001",
            HasRegistry = true,
            DatabaseFile = Path.Combine(_folder, "ü.db"),
            Secret = TestSettings.Secret,
            AdminKey = TestSettings.AdminKey,
            RegistryKey = TestSettings.AdminKey,
        };
        var settings = TestSettings.Read(SettingsFile.Write(answers));
        Assert.Equal(
            [KnownDeployments.PreprodV2.EscrowAddress, KnownDeployments.PreprodV1.EscrowAddress],
            settings.Sources.Select(s => s.Contract.Contract.Address)
        );
        Assert.Equal([0, 1], settings.Sources.Select(s => s.Wallets.Length));
        Assert.Equal(("preprod\"key", answers.DatabaseFile), (settings.Chain.Key, settings.Database.File));
    }

    [Fact]
    public async Task Nothing_is_written_over_and_nothing_by_halves()
    {
        await Assert.ThrowsAsync<UnansweredException>(() => RunAsync("devnet", new string('1', 56)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        await System.IO.File.WriteAllTextAsync(File, "mine", Stop);
        var refused = await Assert.ThrowsAsync<FormatException>(() => RunAsync("devnet"));
        Assert.Contains("is there already", refused.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await System.IO.File.ReadAllTextAsync(File, Stop));
    }

    [Theory]
    [InlineData("masumi.db")]
    [InlineData("masumi.db-wal")]
    [InlineData("masumi-registry.db")]
    public async Task The_database_of_another_node_is_said_before_anything_is_asked(string name)
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, name), "another's", Stop);
        var refused = await Assert.ThrowsAsync<FormatException>(() => RunAsync());
        Assert.Equal(
            $"{Path.Combine(_folder, name)} is there already, which another node's settings go with; another name is needed (--config)",
            refused.Message
        );
        Assert.Equal("", _said.ToString());
        Assert.Equal([Path.Combine(_folder, name)], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_made_for_its_owner_alone()
    {
        var file = Path.Combine(_folder, "new", "sub", "x.json");
        await Assert.ThrowsAsync<UnansweredException>(() => RunInAsync(file, "devnet"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        await RunInAsync(file, "devnet", new string('1', 56), "", Url, "", "sell", "new", "no", "127.0.0.1:0");
        var settings = NodeSettings.Read(SettingsText.Read(await System.IO.File.ReadAllBytesAsync(file, Stop), file, System.IO.File.ReadAllBytes));
        Assert.Equal(Path.ChangeExtension(file, ".db"), settings.Database.File);
        if (!OperatingSystem.IsWindows())
        {
            foreach (var folder in new[] { Path.GetDirectoryName(file)!, Path.Combine(_folder, "new") })
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(folder));
            }
        }
    }

    [Fact]
    public async Task A_place_where_nothing_can_be_written_is_said_before_anything_is_asked()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "file"), "", Stop);
        var places = new List<string>
        {
            Path.Combine(_folder, "file", "x.json"),
            Path.Combine(_folder, "file", "sub", "x.json"),
            "",
            $"{_folder}/new/",
            "a\nb",
        };
        if (OperatingSystem.IsLinux())
        {
            // Not even root can write there.
            places.AddRange(["/proc/x.json", "/proc/new/sub/x.json"]);
        }

        foreach (var place in places)
        {
            var refused = await Assert.ThrowsAsync<FormatException>(() => RunInAsync(place, "devnet"));
            Assert.Matches("(cannot be written: .+|the path of a file is needed, got .+)$", refused.Message);
            Assert.DoesNotContain(refused.Message, char.IsControl);
        }

        Assert.Equal("", _said.ToString());
        Assert.Equal([Path.Combine(_folder, "file")], Directory.GetFileSystemEntries(_folder));
    }

    private readonly StringWriter _said = new();

    private Task<string> RunAsync(params string[] answers) => RunInAsync(File, answers);

    private async Task<string> RunInAsync(string file, params string[] answers)
    {
        await new NodeSetup(new Questions(new StringReader(string.Join('\n', answers) + "\n"), _said)).RunAsync(file, Stop);
        return _said.ToString();
    }

    private NodeSettings Read() => NodeSettings.Read(SettingsText.Read(System.IO.File.ReadAllBytes(File), File, System.IO.File.ReadAllBytes));
}
