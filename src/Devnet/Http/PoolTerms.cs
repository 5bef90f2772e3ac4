using System.Formats.Cbor;
using System.Net;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;

namespace Masumi.Devnet.Http;

/// <summary>What a pool registration says besides the pool's id.</summary>
internal sealed record PoolTerms(
    string VrfKey,
    ulong Pledge,
    ulong Cost,
    double Margin,
    string RewardAccount,
    JsonArray Owners,
    JsonArray Relays,
    JsonObject? Metadata
)
{
    /// <summary>Reads the fields after the operator, which were checked when the transaction was decoded.</summary>
    public static PoolTerms Read(CborReader reader)
    {
        var vrf = Convert.ToHexStringLower(reader.ReadByteString());
        var (pledge, cost) = (reader.ReadUInt64(), reader.ReadUInt64());
        reader.ReadTag();
        reader.ReadStartArray();
        var margin = reader.ReadUInt64() / (double)reader.ReadUInt64();
        reader.ReadEndArray();
        var account = $"{Address.FromBytes(reader.ReadByteString())}";
        if (reader.PeekState() == CborReaderState.Tag)
        {
            reader.ReadTag();
        }

        var owners = ReadAll(reader, r => $"{Address.Reward(DevnetChain.Network, Credential.Key(new KeyHash(new Hash28(r.ReadByteString()))))}");
        var relays = ReadAll(reader, ReadRelay);
        return new PoolTerms(vrf, pledge, cost, margin, account, owners, relays, ReadMetadata(reader));
    }

    private static JsonArray ReadAll(CborReader reader, Func<CborReader, JsonNode> read)
    {
        var items = new JsonArray();
        reader.ReadStartArray();
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            items.Add(read(reader));
        }

        reader.ReadEndArray();
        return items;
    }

    // 0: port and addresses; 1: port and host name; 2: service name.
    private static JsonObject ReadRelay(CborReader reader)
    {
        reader.ReadStartArray();
        var kind = reader.ReadInt32();
        int? port = kind == 2 || ReadNull(reader) ? null : reader.ReadInt32();
        var relay = new JsonObject
        {
            ["ipv4"] = kind == 0 ? ReadIp(reader) : null,
            ["ipv6"] = kind == 0 ? ReadIp(reader) : null,
            ["dns"] = kind == 1 ? reader.ReadTextString() : null,
            ["dns_srv"] = kind == 2 ? reader.ReadTextString() : null,
            ["port"] = port ?? 0,
        };
        reader.ReadEndArray();
        return relay;
    }

    private static string? ReadIp(CborReader reader) => ReadNull(reader) ? null : $"{new IPAddress(reader.ReadByteString())}";

    private static JsonObject? ReadMetadata(CborReader reader)
    {
        if (ReadNull(reader))
        {
            return null;
        }

        reader.ReadStartArray();
        var metadata = new JsonObject { ["url"] = reader.ReadTextString(), ["hash"] = Convert.ToHexStringLower(reader.ReadByteString()) };
        reader.ReadEndArray();
        // What the document at the address says is not on chain.
        foreach (var name in new[] { "ticker", "name", "description", "homepage" })
        {
            metadata[name] = null;
        }

        return metadata;
    }

    private static bool ReadNull(CborReader reader)
    {
        if (reader.PeekState() != CborReaderState.Null)
        {
            return false;
        }

        reader.ReadNull();
        return true;
    }
}
