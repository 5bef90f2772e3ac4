using System.Collections.Immutable;
using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Keys;
using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Settlement.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Node.Setup;

/// <summary>
/// Asks what a node must know, tries what can be tried, makes what can be made, and writes the settings: a few minutes from nothing to a node. What it does
/// not ask can be changed in the file.
/// </summary>
/// <param name="questions">Whom it asks.</param>
internal sealed class NodeSetup(Questions questions)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks, and writes the file. Throws <see cref="FormatException"/> when it exists or cannot be written.</summary>
    public async Task RunAsync(string file, CancellationToken cancellation)
    {
        // Whatever is in the way is said before anybody has answered anything.
        var place = SetupPlace.At(file);
        place.Try();
        var answers = await AskAsync(place, cancellation);

        // Read as the node will read it, before there is anything.
        var text = Encoding.UTF8.GetBytes(SettingsFile.Write(answers));
        place.Write(text, () => NodeSettings.Read(SettingsText.Read(text, place.File, File.ReadAllBytes)));
        Tell(place.File, answers);
    }

    private async Task<SetupAnswers> AskAsync(SetupPlace at, CancellationToken cancellation)
    {
        var network = Enum.Parse<NodeNetwork>(await questions.ChooseAsync("Which network", "Preprod", Enum.GetNames<NodeNetwork>(), cancellation));
        var contract = await AskContractAsync(network, cancellation);
        var families = contract == ContractChoice.Market ? await AskFamiliesAsync(cancellation) : [EscrowFamily.V2];
        var (admins, required) = contract == ContractChoice.Own ? await AskAdminsAsync(cancellation) : ([], 0);
        var (url, key) = await AskChainAsync(network, cancellation);
        var wallets = await AskWalletsAsync(families, cancellation);
        var registry = await questions.ChooseAsync(
            "A registry in the same process, to find agents without asking somebody else's",
            "yes",
            ["yes", "no"],
            cancellation
        );
        var listen = await questions.AskAsync(
            "Where the payment service listens",
            $"127.0.0.1:{NodeSettings.DefaultPort}",
            answer =>
                ListenSettings.Parse(answer) is not { } place ? throw new FormatException($"{ListenSettings.Allowed} is needed")
                : registry == "yes" && place.Port == RegistrySettings.DefaultPort
                    ? throw new FormatException($"the registry listens on {RegistrySettings.DefaultPort}; another port is needed")
                : answer,
            cancellation
        );
        return new SetupAnswers
        {
            Network = network,
            Contract = contract,
            Families = families,
            Admins = admins,
            RequiredAdmins = required,
            ChainUrl = url,
            ChainKey = key,
            Wallets = wallets,
            Listen = listen,
            HasRegistry = registry == "yes",
            DatabaseFile = at.DatabaseFile,
            Secret = Fresh("", 24),
            AdminKey = Fresh("masumi-payment-admin-", 16),
            RegistryKey = Fresh("masumi-registry-admin-", 16),
        };
    }

    private async Task<ContractChoice> AskContractAsync(NodeNetwork network, CancellationToken cancellation)
    {
        if (network == NodeNetwork.Devnet)
        {
            questions.Say("On a chain of your own the contract is your own too: only nodes with the same settings trade there.");
            return ContractChoice.Own;
        }

        questions.Say(
            "market: the contract that every Masumi agent of the network uses; you trade with all of them, and the network's admins settle disputes."
        );
        questions.Say("own:    a contract of yours; only nodes with the same settings trade there, and admins whom you name settle disputes.");
        return await questions.ChooseAsync("Which contract", "market", ["market", "own"], cancellation) == "market"
            ? ContractChoice.Market
            : ContractChoice.Own;
    }

    private async Task<ImmutableArray<EscrowFamily>> AskFamiliesAsync(CancellationToken cancellation)
    {
        questions.Say("V2 is the present generation of contracts; older agents and clients (pip-masumi, n8n) know V1 only.");
        return await questions.ChooseAsync("Which generations", "V2", ["V2", "V1", "both"], cancellation) switch
        {
            "V2" => [EscrowFamily.V2],
            "V1" => [EscrowFamily.V1],
            _ => [EscrowFamily.V2, EscrowFamily.V1],
        };
    }

    private async Task<(ImmutableArray<KeyHash> Admins, int Required)> AskAdminsAsync(CancellationToken cancellation)
    {
        questions.Say("Whoever holds the admins' keys can divide a disputed escrow between its buyer and its seller; take people both sides trust.");
        var admins = await questions.AskAsync(
            "Key hashes of the admins, with commas between them",
            otherwise: null,
            answer =>
            {
                var hashes = answer.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(KeyHash.Parse).ToImmutableArray();
                return hashes.Length is > 0 and <= EscrowParameters.MostAdmins
                    ? hashes
                    : throw new FormatException($"1 to {EscrowParameters.MostAdmins} key hashes of 56 hexadecimal digits are needed");
            },
            cancellation
        );
        var required = await questions.AskAsync(
            "How many of them a decision takes",
            $"{(admins.Length / 2) + 1}",
            answer =>
                Digits.TryRead<int>(answer, out var count) && count >= 1 && count <= admins.Length
                    ? count
                    : throw new FormatException($"a number from 1 to {admins.Length} is needed"),
            cancellation
        );
        return (admins, required);
    }

    private async Task<(Uri Url, string? Key)> AskChainAsync(NodeNetwork network, CancellationToken cancellation)
    {
        while (true)
        {
            var url = await questions.AskAsync(
                "Address of the chain provider (Blockfrost, or anything with its API)",
                network switch
                {
                    NodeNetwork.Mainnet => "https://cardano-mainnet.blockfrost.io/api/v0",
                    NodeNetwork.Preprod => "https://cardano-preprod.blockfrost.io/api/v0",
                    _ => "http://127.0.0.1:3003/api/v0",
                },
                answer =>
                    Uri.TryCreate(answer, UriKind.Absolute, out var uri)
                    && uri.Scheme is "http" or "https"
                    && uri.Query.Length + uri.UserInfo.Length + uri.Fragment.Length == 0
                        ? uri
                        : throw new FormatException("an http or https address without a key in it is needed"),
                cancellation
            );
            var key = await questions.AskAsync(
                "Its key (project id; empty if it wants none)",
                "",
                answer =>
                    Task.FromResult(ChainSettings.IsHeader(answer) ? answer : throw new FormatException("letters, digits and signs without spaces are needed")),
                hidden: true,
                cancellation
            );
            if (await RefuseChainAsync(network, url, key, cancellation) is not { } refusal)
            {
                questions.Say($"  it answers, and it is {network}.");
                return (url, key.Length == 0 ? null : key);
            }

            questions.Say($"  {refusal}");
        }
    }

    private static async Task<string?> RefuseChainAsync(NodeNetwork network, Uri url, string key, CancellationToken cancellation)
    {
        if (key.Length > 0 && KeyTransport.Refusal(url) is { } clear)
        {
            return clear;
        }

        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var chain = ChainProvider.Open(new ChainSettings { Url = url, Key = key }, network, TimeProvider.System, NullLoggerFactory.Instance);
            if (NodeCheck.RefuseNetwork(await chain.FindNetworkMagicAsync(both.Token), network) is { } other)
            {
                return other;
            }

            await chain.GetTipAsync(both.Token);
            return null;
        }
        catch (ChainUnavailableException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds} seconds";
        }
    }

    private async Task<ImmutableArray<SetupWallet>> AskWalletsAsync(ImmutableArray<EscrowFamily> families, CancellationToken cancellation)
    {
        var roles = await questions.ChooseAsync("What the node does", "both", ["sell", "buy", "both"], cancellation) switch
        {
            "sell" => new[] { WalletRole.Selling },
            "buy" => [WalletRole.Purchasing],
            _ => [WalletRole.Selling, WalletRole.Purchasing],
        };
        var isNew = await questions.ChooseAsync("Make new wallets, or import the words of your own", "new", ["new", "import"], cancellation) == "new";
        var wallets = ImmutableArray.CreateBuilder<SetupWallet>();
        foreach (var family in families)
        {
            foreach (var role in roles)
            {
                var mnemonic = isNew
                    ? Mnemonic.FromEntropy(Chance.Bytes(32))
                    : await questions.AskAsync(
                        $"Words of the {role} wallet of {family}",
                        otherwise: null,
                        answer =>
                        {
                            Mnemonic.ToEntropy(answer);
                            return Task.FromResult(answer);
                        },
                        hidden: true,
                        cancellation
                    );
                wallets.Add(new SetupWallet(family, role, mnemonic));
            }
        }

        return wallets.ToImmutable();
    }

    private void Tell(string path, SetupAnswers answers)
    {
        questions.Say();
        questions.Say($"The settings are in {path}, for you alone. The words of the wallets and the keys are in it: keep a copy somewhere safe.");
        foreach (var wallet in answers.Wallets)
        {
            var address = wallet.AddressOn(answers.Network);
            questions.Say();
            questions.Say($"Fund the {wallet.Role} wallet of {wallet.Family}: {address}");
            questions.Say(QrText.Of(address));
        }

        questions.Say();
        questions.Say(
            answers.Network switch
            {
                NodeNetwork.Preprod => "Test ADA: https://docs.cardano.org/cardano-testnets/tools/faucet (Preprod). A wallet needs some 20 ADA to begin with.",
                NodeNetwork.Mainnet => "A selling wallet needs some 20 ADA for fees and registrations, a purchasing wallet that and what it is to spend.",
                _ => "Devnet: masumi devnet fund ADDRESS 1000ada 100tusdm",
            }
        );
        questions.Say($"Then: masumi node --config {path}");
    }

    private static string Fresh(string prefix, int bytes) => prefix + Convert.ToHexStringLower(Chance.Bytes(bytes));
}
