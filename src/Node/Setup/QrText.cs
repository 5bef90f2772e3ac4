using QRCoder;

namespace Masumi.Node.Setup;

/// <summary>QR codes of half blocks, to be read from a terminal with a phone.</summary>
internal static class QrText
{
    /// <summary>The code of a text, lines of characters, for dark terminals; on light ones phones read it inverted.</summary>
    public static string Of(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var code = new AsciiQRCode(data);
        return code.GetGraphicSmall(drawQuietZones: true, invert: false, endOfLine: "\n");
    }
}
