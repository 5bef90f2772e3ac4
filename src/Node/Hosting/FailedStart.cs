using Masumi.Storage;

namespace Masumi.Node.Hosting;

/// <summary>A service that did not start is put away, and why it did not start is what is told.</summary>
internal static class FailedStart
{
    /// <summary>Disposes what there is; that a database could not be left as one file is the smaller trouble.</summary>
    public static async Task PutAwayAsync(ValueTask disposal)
    {
        try
        {
            await disposal;
        }
        catch (StorageUnavailableException)
        {
            // The next start, or look, says it again.
        }
    }
}
