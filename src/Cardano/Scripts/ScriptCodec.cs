using System.Formats.Cbor;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Scripts;

/// <summary>Scripts in witness sets, auxiliary data and script references.</summary>
internal static class ScriptCodec
{
    private const int KeyHash = 0;
    private const int All = 1;
    private const int Any = 2;
    private const int AtLeast = 3;
    private const int InvalidHereafter = 5;

    /// <summary>The content of a script reference: <c>[language, script]</c>.</summary>
    public static Script ReadReference(ReadOnlyMemory<byte> content)
    {
        var input = new CborInput(content, "script reference");
        var pair = input.BeginTuple(2);
        var language = (ScriptLanguage)input.ReadUnsigned((long)ScriptLanguage.PlutusV3);
        var script = language == ScriptLanguage.Native ? ReadNative(input) : ReadPlutus(input, language);
        pair.End();
        input.ExpectEnd();
        return script;
    }

    public static void WriteReference(CborWriter writer, Script script)
    {
        writer.WriteStartArray(2);
        writer.WriteInt32((int)script.Language);
        Write(writer, script);
        writer.WriteEndArray();
    }

    /// <summary>The script as it stands in witnesses and references: native CBOR as is, Plutus as a byte string.</summary>
    public static void Write(CborWriter writer, Script script)
    {
        if (script.Language == ScriptLanguage.Native)
        {
            writer.WriteEncodedValue(script.Bytes.Span);
        }
        else
        {
            writer.WriteByteString(script.Bytes.Span);
        }
    }

    public static Script ReadPlutus(CborInput input, ScriptLanguage language) => new(language, input.ReadBytes());

    /// <summary>A native script, checked to the leaves without recursion: nesting costs an attacker three bytes a level.</summary>
    public static Script ReadNative(CborInput input)
    {
        var start = input.Position;
        var open = new Stack<(CborItems Script, CborItems? Children)>();
        ReadNativeHead(input, open);
        while (open.TryPop(out var top))
        {
            if (top.Children is { } children && children.Next())
            {
                open.Push((top.Script, children));
                ReadNativeHead(input, open);
            }
            else
            {
                top.Script.End();
            }
        }

        return new Script(ScriptLanguage.Native, input.Since(start));
    }

    private static void ReadNativeHead(CborInput input, Stack<(CborItems Script, CborItems? Children)> open)
    {
        var script = input.BeginArray();
        var kind = (int)input.ReadUnsigned(InvalidHereafter);
        var fields = kind == AtLeast ? 3 : 2;
        if (script.Remaining is { } count && count != fields)
        {
            throw input.Error($"native script {kind} of {count} fields, {fields} expected");
        }

        switch (kind)
        {
            case KeyHash:
                input.ReadHash28();
                break;
            case All or Any:
                open.Push((script, input.BeginArray()));
                return;
            case AtLeast:
                input.ReadInt64();
                open.Push((script, input.BeginArray()));
                return;
            default:
                input.ReadUInt64();
                break;
        }

        open.Push((script, null));
    }
}
