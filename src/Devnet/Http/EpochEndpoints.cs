using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;

namespace Masumi.Devnet.Http;

/// <summary>/epochs/{latest or number}. An epoch that time jumped over has no blocks.</summary>
internal static class EpochEndpoints
{
    public static ApiResponse Malformed => ApiResponse.BadRequest("Missing, out of range or malformed epoch_number.");

    public static ApiResponse Get(ChainReader chain, string text)
    {
        var view = chain.View;
        return With(chain, view, text, epoch => ApiResponse.Ok(Show(chain, view, epoch)));
    }

    public static ApiResponse Parameters(ChainReader chain, string text) =>
        With(chain, chain.View, text, epoch => ApiResponse.Ok(BlockfrostParameters.Write(chain.ParametersOf(epoch), (int)epoch)));

    public static ApiResponse Next(ChainReader chain, string text, ApiRequest request)
    {
        var view = chain.View;
        return With(chain, view, text, epoch => Paging.Range(request, epoch + 1, Latest(chain, view) + 1, e => Show(chain, view, e)));
    }

    public static ApiResponse Previous(ChainReader chain, string text, ApiRequest request)
    {
        var view = chain.View;
        return With(chain, view, text, epoch => Paging.Before(request, 0, epoch, e => Show(chain, view, e)));
    }

    public static ApiResponse Blocks(ChainReader chain, string text, ApiRequest request)
    {
        var view = chain.View;
        return With(
            chain,
            view,
            text,
            epoch =>
            {
                var (first, end) = Heights(chain, view, epoch);
                return Paging.TryRead(request, out _) is { Descending: true } paging
                    ? Paging.Range(request, first, end, h => $"{view.BlockAt(first + end - 1 - h).Hash}")
                    : Paging.Range(request, first, end, h => $"{view.BlockAt(h).Hash}");
            }
        );
    }

    public static ApiResponse Nothing(ChainReader chain, string text, ApiRequest request) =>
        With(chain, chain.View, text, _ => Paging.Range(request, 0, 0, _ => new JsonObject()));

    /// <summary>The epoch of the newest block.</summary>
    public static long Latest(ChainReader chain, DevnetView view) => view.Tip.Slot.Number / chain.Options.EpochLength;

    private static (long First, long End) Heights(ChainReader chain, DevnetView view, long epoch)
    {
        var length = chain.Options.EpochLength;
        return (view.FirstHeightFrom(epoch * length), view.FirstHeightFrom((epoch + 1) * length));
    }

    private static JsonObject Show(ChainReader chain, DevnetView view, long epoch)
    {
        var (first, end) = Heights(chain, view, epoch);
        var (transactions, output, fees) = (0, Int128.Zero, Int128.Zero);
        for (var height = first; height < end; height++)
        {
            foreach (var transaction in view.BlockAt(height).Transactions)
            {
                transactions++;
                output += transaction.Body.Outputs.Aggregate(Int128.Zero, (sum, o) => sum + o.Value.Coin.Exact);
                // Only a failed one pays something else.
                fees += (transaction.IsValid ? transaction.Body.Fee : view.Index.Transactions[transaction.Id].Fee).Amount;
            }
        }

        var start = chain.Slots.TimeOf(new Slot(epoch * chain.Options.EpochLength)).ToUnixTimeSeconds();
        return new JsonObject
        {
            ["epoch"] = epoch,
            ["start_time"] = start,
            ["end_time"] = start + chain.Options.EpochLength,
            ["first_block_time"] = first < end ? Json.Time(view.BlockAt(first), chain.Slots) : start,
            ["last_block_time"] = first < end ? Json.Time(view.BlockAt(end - 1), chain.Slots) : start,
            ["block_count"] = end - first,
            ["tx_count"] = transactions,
            ["output"] = Json.Text(output),
            ["fees"] = Json.Text(fees),
            ["active_stake"] = null,
        };
    }

    private static ApiResponse With(ChainReader chain, DevnetView view, string text, Func<long, ApiResponse> answer)
    {
        var latest = Latest(chain, view);
        if (text == "latest")
        {
            return answer(latest);
        }

        return !Digits.TryRead<int>(text, out var epoch) ? Malformed
            : epoch > latest ? ApiResponse.NotFound()
            : answer(epoch);
    }
}
