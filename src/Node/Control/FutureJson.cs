using System.Text.Json.Nodes;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Futures;
using Masumi.Settlement.Rails;

namespace Masumi.Node.Control;

/// <summary>What can still happen, as JSON, told to one of the parties.</summary>
internal static class FutureJson
{
    /// <summary>The tree.</summary>
    public static JsonObject Of(Future future, DealSide side)
    {
        var json = new JsonObject
        {
            ["what"] = What(future, side),
            ["action"] = future.Move?.Action.ToString(),
            ["by"] = future.Move?.By.ToString().ToLowerInvariant(),
            ["at"] = future.Move is { } move ? DeskJson.Time(move.At) : null,
            ["before"] = future.Move?.Before is { } before ? DeskJson.Time(before) : null,
            ["adminsFrom"] = future.Move?.AdminsFrom is { } admins ? DeskJson.Time(admins) : null,
            ["offered"] = future.Move is { } own && own.By == Own(side) ? IsOffered(own) : null,
            ["fee"] = future.Move?.Fee.ToString(),
            ["bytes"] = future.Move?.Bytes,
            ["state"] = future.State?.ToString(),
            ["has"] = Holdings(future.Holds),
            ["end"] = End(future.End),
        };
        json["next"] = new JsonArray([.. future.Next.Select(n => (JsonNode)Of(n, side))]);
        return json;
    }

    private static EscrowParty Own(DealSide side) => side == DealSide.Purchase ? EscrowParty.Buyer : EscrowParty.Seller;

    // The contract takes it; the payment service has no request for it.
    private static bool IsOffered(FutureMove move) =>
        (move.Action, move.From) is not (Intent.AuthorizeRefund, EscrowState.FundsLocked or EscrowState.ResultSubmitted);

    private static JsonObject Holdings(FutureHoldings holds) =>
        new()
        {
            ["buyer"] = ValueText.Of(holds.Buyer),
            ["seller"] = ValueText.Of(holds.Seller),
            ["feeWallet"] = ValueText.Of(holds.FeeWallet),
            ["escrow"] = ValueText.Of(holds.Escrow),
            ["networkFees"] = ValueText.Of(Value.Of(holds.NetworkFees)),
        };

    private static JsonObject? End(FutureEnd? end) =>
        end switch
        {
            null => null,
            FutureEnd.Paid paid => new JsonObject { ["kind"] = "paid", ["at"] = DeskJson.Time(paid.At) },
            FutureEnd.Admins admins => new JsonObject
            {
                ["kind"] = "admins",
                ["from"] = DeskJson.Time(admins.From),
                ["votes"] = admins.Votes,
            },
            FutureEnd.Nobody nobody => new JsonObject { ["kind"] = "nobody", ["why"] = nobody.Why },
            _ => new JsonObject { ["kind"] = "cut" },
        };

    private static string What(Future future, DealSide side)
    {
        if (future.Move is not { } move)
        {
            return future.End switch
            {
                null => "now",
                FutureEnd.Admins => "nobody gives in: the admins decide",
                FutureEnd.Nobody => "nothing more happens, and nobody can collect",
                _ => "not played any further",
            };
        }

        var isYou = move.By == Own(side);
        var who =
            isYou ? "you"
            : move.By == EscrowParty.Buyer ? "the buyer"
            : "the seller";
        string Does(string you, string other) => $"{who} {(isYou ? you : other)}";
        return move.Action switch
        {
            Intent.SubmitResult when move.From == EscrowState.FundsLocked => Does("deliver", "delivers"),
            Intent.SubmitResult => Does("deliver all the same", "delivers all the same"),
            Intent.RequestRefund when move.From == EscrowState.ResultSubmitted => Does("dispute the result", "disputes the result"),
            Intent.RequestRefund => Does("ask for the money back", "asks for the money back"),
            Intent.CancelRefundRequest => Does("take the request for a refund back", "takes the request for a refund back"),
            Intent.AuthorizeRefund => Does("agree to give the money back", "agrees to give the money back"),
            Intent.AuthorizeWithdrawal => Does("release the money", "releases the money"),
            Intent.Withdraw => "nothing more happens: " + Does("collect the payment", "collects the payment"),
            Intent.WithdrawRefund when move.From == EscrowState.RefundAuthorized => "nothing more happens: "
                + Does("collect the refund", "collects the refund"),
            Intent.WithdrawRefund => "nothing is delivered: " + Does("take the money back", "takes the money back"),
            _ => Does(move.Action.ToString(), move.Action.ToString()),
        };
    }
}
