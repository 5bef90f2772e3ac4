using System.Collections.Immutable;
using System.Globalization;
using Masumi.Protocol.Wire;
using static Masumi.Protocol.RequestedAction;

namespace Masumi.Protocol.PaymentService.Deals;

/// <summary>The shapes that payments and purchases share.</summary>
public static class DealShapes
{
    private const string OnlyLower = "Invalid hex: lower case is needed";
    private const int MostAmounts = 7;

    /// <summary>What a seller's node does next.</summary>
    public static Shape<RequestedAction> PaymentAction { get; } =
        Shapes.WordOf(
            None,
            Ignore,
            WaitingForManualAction,
            WaitingForExternalAction,
            SubmitResultRequested,
            SubmitResultInitiated,
            WithdrawRequested,
            WithdrawInitiated,
            AuthorizeRefundRequested,
            AuthorizeRefundInitiated
        );

    /// <summary>What a buyer's node does next.</summary>
    public static Shape<RequestedAction> PurchaseAction { get; } =
        Shapes.WordOf(
            None,
            Ignore,
            WaitingForManualAction,
            WaitingForExternalAction,
            FundsLockingRequested,
            FundsLockingInitiated,
            SetRefundRequestedRequested,
            SetRefundRequestedInitiated,
            UnSetRefundRequestedRequested,
            UnSetRefundRequestedInitiated,
            WithdrawRefundRequested,
            WithdrawRefundInitiated,
            AuthorizeWithdrawalRequested,
            AuthorizeWithdrawalInitiated
        );

    /// <summary>What may stand in a seller's way: it needs no funds of its own.</summary>
    public static Shape<ErrorType> PaymentError { get; } = Shapes.WordOf(ErrorType.NetworkError, ErrorType.Unknown);

    /// <summary>What may stand in a buyer's way.</summary>
    public static Shape<ErrorType> PurchaseError { get; } = Shapes.Word<ErrorType>();

    /// <summary>The identifier that both sides know a deal by, of an existing deal.</summary>
    public static Shape<string> Identifier { get; } = Shapes.Text(1, BlockchainIdentifier.MaxLength);

    /// <summary>The same, where the reference lets an empty one pass: no deal has it.</summary>
    public static Shape<string> AnyIdentifier { get; } = Shapes.Text(0, BlockchainIdentifier.MaxLength);

    /// <summary>An agent as it is named by whoever asks.</summary>
    public static Shape<string> Agent { get; } = Shapes.Text(57, 250);

    /// <summary>An address as it is named by whoever asks.</summary>
    public static Shape<string> Address { get; } = Shapes.Text(0, 250);

    /// <summary>The hash of a job's input. What is no hex passes here: it is refused later, with a sentence that clients know.</summary>
    public static Shape<string> InputHash { get; } = Shapes.Text(0, 250).Where(TooLarge);

    /// <summary>The buyer's nonce; no hex: as with <see cref="InputHash"/>.</summary>
    public static Shape<string> Nonce { get; } = Shapes.Text(14, 26);

    /// <summary>The place of a source among those that an agent advertises.</summary>
    public static Shape<long> SourceIndex { get; } = Shapes.Integer(0, 24);

    /// <summary>Amounts that somebody asks for or offers.</summary>
    public static Shape<ImmutableArray<AskedAmount>> AskedAmounts { get; } = Shapes.List(AskedAmount.Shape, 0, MostAmounts);

    /// <summary>
    /// The same in lower case alone, for what is signed here: the chain gives lower case back, so that what was signed otherwise would never be found again.
    /// </summary>
    /// <param name="shape">A text that may be hex.</param>
    public static Shape<string> Lower(Shape<string> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Where(text => Hex(text) is { } hex && hex != text ? OnlyLower : null);
    }

    private static string? TooLarge(string text) =>
        Hex(text) is { Length: > 128 } hex
            ? string.Create(CultureInfo.InvariantCulture, $"Input hash has {hex.Length / 2} bytes; at most 64 bytes are taken")
            : null;

    private static string? Hex(string text) => WireText.TryHex(text, 1, BlockchainIdentifier.MaxLength, out var hex) ? hex : null;
}
