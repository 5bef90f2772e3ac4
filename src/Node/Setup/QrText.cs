using QRCoder;

namespace Masumi.Node.Setup;

/// <summary>QR codes of half blocks, to be read from a terminal with a phone.</summary>
internal static class QrText
{
    /// <summary>The code of a text, lines of characters; light on dark terminals as on light ones.</summary>
    public static string Of(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var code = new AsciiQRCode(data);
        return code.GetGraphicSmall(drawQuietZones: true, invert: false, endOfLine: "\n");
    }
}
