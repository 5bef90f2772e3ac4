using Masumi.Http;
using Masumi.Payments;

namespace Masumi.Node.Settings;

/// <summary>
/// How many requests a key has that is no admin's (decision 16): <c>requests { readsPerSecond?, readsBurst?, costlyPerSecond?, costlyBurst?, olderNames? }</c>.
/// </summary>
internal static class RequestSettings
{
    private const long Most = 1_000_000;

    /// <summary>Whether operations are served by the names of earlier generations too: yes, unless somebody says no.</summary>
    public static OlderNames ReadOlderNames(SettingsReader reader)
    {
        const string Allowed = "true or false";
        return new OlderNames(reader.OptionalText("olderNames", Allowed) is not { } text || reader.Parsed("olderNames", text, bool.Parse, Allowed));
    }

    /// <summary>Reads them; what is wrong is noted.</summary>
    public static RequestRates Read(SettingsReader reader)
    {
        var usual = new RequestRates();
        return new RequestRates
        {
            ReadsPerSecond = Number("readsPerSecond", usual.ReadsPerSecond),
            ReadsBurst = Number("readsBurst", usual.ReadsBurst),
            CostlyPerSecond = Number("costlyPerSecond", usual.CostlyPerSecond),
            CostlyBurst = Number("costlyBurst", usual.CostlyBurst),
        };

        int Number(string name, int otherwise) => (int?)reader.OptionalWhole(name, 1, Most) ?? otherwise;
    }
}
