using System.Globalization;
using Masumi.Client;

namespace Masumi.Node.Market;

/// <summary>A wait of a market's start: it ends, and what did not come by then is said.</summary>
internal static class StartWait
{
    /// <summary>Waits. Throws <see cref="MarketException"/> when it does not come, or when one of the market's own services does not answer as it should.</summary>
    /// <param name="missing">What is not there, as the beginning of a line; asked when it is needed.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="wait">What is waited for; ends with its token.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<T> ForAsync<T>(Func<string> missing, TimeSpan patience, Func<CancellationToken, Task<T>> wait, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(patience, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await wait(both.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new MarketException(string.Create(CultureInfo.InvariantCulture, $"{missing()} after {patience.TotalSeconds} seconds"), e);
        }
        catch (Exception e) when (e is HttpRequestException or MasumiApiException or TimeoutException)
        {
            throw new MarketException($"{missing()}: {e.Message}", e);
        }
    }
}
