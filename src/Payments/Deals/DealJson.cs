using System.Globalization;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Deals;

/// <summary>Words of rows of what is not moved to declarations yet.</summary>
internal static class DealJson
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static string TypeName(PaymentSource source) => Word.Text(source.Family.ToSourceType());
}
