using System.Formats.Cbor;
using System.Text.Json;

namespace Masumi.Chain.Blockfrost;

/// <summary>Native scripts as the API shows them, back to CBOR (CDDL <c>native_script</c>); the caller verifies the hash.</summary>
internal static class NativeScriptJson
{
    private const int MaxDepth = 32;

    public static byte[] ToCbor(JsonElement json)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        Write(writer, json, 0);
        return writer.Encode();
    }

    private static void Write(CborWriter writer, JsonElement json, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException($"a native script nested more than {MaxDepth} deep");
        }

        switch (json.Text("type"))
        {
            case "sig":
                Start(writer, 2, 0);
                writer.WriteByteString(json.Hex("keyHash"));
                break;
            case "all":
                Start(writer, 2, 1);
                WriteAll(writer, json, depth);
                break;
            case "any":
                Start(writer, 2, 2);
                WriteAll(writer, json, depth);
                break;
            case "atLeast":
                Start(writer, 3, 3);
                writer.WriteInt64(json.Number("required"));
                WriteAll(writer, json, depth);
                break;
            case "after":
                Start(writer, 2, 4);
                writer.WriteInt64(json.Number("slot"));
                break;
            case "before":
                Start(writer, 2, 5);
                writer.WriteInt64(json.Number("slot"));
                break;
            case var other:
                throw new FormatException($"unknown native script type '{other}'");
        }

        writer.WriteEndArray();
    }

    private static void WriteAll(CborWriter writer, JsonElement json, int depth)
    {
        var scripts = json.GetProperty("scripts");
        writer.WriteStartArray(scripts.GetArrayLength());
        foreach (var script in scripts.EnumerateArray())
        {
            Write(writer, script, depth + 1);
        }

        writer.WriteEndArray();
    }

    private static void Start(CborWriter writer, int length, int kind)
    {
        writer.WriteStartArray(length);
        writer.WriteInt32(kind);
    }
}
