using System.Text.Json;
using Masumi.Tests;

namespace Masumi.Protocol.Tests;

/// <summary>The words read what the network's published vectors hold.</summary>
public sealed class VectorTests
{
    [Fact]
    public void The_identifiers_nonces_and_hashes_of_the_x402_vectors_are_read()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllText(SharedData.Require("vectors", "x402-cardano.json")));
        var counts = new Dictionary<string, int>();
        Walk(vectors.RootElement, counts);
        Assert.All(
            ["blockchainIdentifier", "sellerNonce", "buyerNonce", "inputHash", "agentIdentifier", "time"],
            name => Assert.True(counts.GetValueOrDefault(name) > 0, name)
        );
    }

    private static void Walk(JsonElement element, Dictionary<string, int> counts)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Walk(item, counts);
            }
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            Walk(member.Value, counts);
            if (member.Value.ValueKind == JsonValueKind.String && Read(member.Name, member.Value.GetString()!) is { } name)
            {
                counts[name] = counts.GetValueOrDefault(name) + 1;
            }
        }
    }

    private static string? Read(string name, string text)
    {
        switch (name)
        {
            case "blockchainIdentifier":
                Assert.Equal(text, BlockchainIdentifier.Parse(text).ToString());
                return name;
            case "sellerNonce" or "sellerNonceHex":
                Assert.Equal(text, SellerNonce.Parse(text).ToString());
                return "sellerNonce";
            case "buyerNonce" or "buyerNonceHex" when text.Length > 0:
                Assert.Equal(text, BuyerNonce.Parse(text).ToString());
                return "buyerNonce";
            case "inputHash":
                Assert.True(InputHash.Parse(text).IsSha256);
                return name;
            case "agentIdentifier" or "agentIdentifierHex" when text.Length > 0:
                Assert.Equal(text, AgentIdentifier.Parse(text).ToString());
                return "agentIdentifier";
            case "payByTime" or "submitResultTime" or "unlockTime" or "externalDisputeUnlockTime":
                Assert.Equal(text, WireTime.Text(WireTime.Parse(text)));
                return "time";
            default:
                return null;
        }
    }
}
