using System.Formats.Cbor;
using System.Text;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Node.Verbs;

/// <summary>Programs in files, as the verbs take them.</summary>
internal static class UplcFile
{
    /// <summary>Reads a program; throws <see cref="FormatException"/> or what reading files throws.</summary>
    public static UplcProgram Read(string path, bool flat)
    {
        var bytes = HexFile.ReadAll(path);
        return flat ? Flat.Decode(Unwrap(bytes)) : UplcText.Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));
    }

    // A flat program starts with its version, 1; what starts otherwise is hexadecimal text or a CBOR byte string around it.
    private static byte[] Unwrap(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes).Trim();
        if (text.Length > 0 && text.All(char.IsAsciiHexDigit))
        {
            bytes = Convert.FromHexString(text);
        }

        while (bytes.Length > 0 && bytes[0] >> 5 == 2)
        {
            try
            {
                bytes = new CborReader(bytes, CborConformanceMode.Lax).ReadByteString();
            }
            catch (CborContentException e)
            {
                throw new FormatException("a CBOR byte string that is cut off", e);
            }
        }

        return bytes;
    }
}
