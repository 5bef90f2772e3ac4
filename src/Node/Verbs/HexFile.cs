using System.Text;
using System.Text.Json;
using Masumi.Node.Settings;

namespace Masumi.Node.Verbs;

/// <summary>Files of bytes, as the verbs take them: bytes, hexadecimal text, or a cardano-cli text envelope.</summary>
internal static class HexFile
{
    private const long MaxBytes = 16 * 1024 * 1024;

    /// <summary>
    /// A file's bytes as they are; '-' is standard input. Throws <see cref="FormatException"/> when there are too many or the path is none, or what reading
    /// throws.
    /// </summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">The option or argument that says so.</param>
    public static byte[] ReadAll(string path, string name = "FILE")
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new FormatException($"{name}: the path of a file is needed, got {SettingsReader.Quoted(path)}");
        }

        if (Directory.Exists(path))
        {
            throw new FormatException($"{path} is a directory; a file is needed");
        }

        using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        using var all = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = stream.Read(buffer)) > 0; )
        {
            all.Write(buffer, 0, read);
            if (all.Length > MaxBytes)
            {
                throw new FormatException($"{path} has more than {MaxBytes} bytes");
            }
        }

        return all.ToArray();
    }

    /// <summary>The bytes meant: those in an envelope's cborHex, those of hexadecimal text, or the bytes themselves.</summary>
    public static byte[] Unwrap(ReadOnlyMemory<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes.Span).Trim();
        if (text.StartsWith('{'))
        {
            try
            {
                using var envelope = JsonDocument.Parse(bytes);
                text = envelope.RootElement.GetProperty("cborHex").GetString() ?? throw new FormatException("a text envelope whose cborHex is null");
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new FormatException("a text envelope without cborHex", e);
            }
        }

        return text.Length > 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : bytes.ToArray();
    }
}
