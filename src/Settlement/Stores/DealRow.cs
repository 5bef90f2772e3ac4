using System.Collections.Immutable;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Stores;

/// <summary>A deal as its columns, and back.</summary>
internal sealed class DealRow
{
    private const string Names =
        "id, side, source_id, family, identifier_hash, identifier, agent_identifier, agent_name, pricing, funds, input_hash, pay_by_ms, submit_result_ms, unlock_ms, "
        + "dispute_unlock_ms, seller_address, seller_return_address, buyer_return_address, wallet_id, allowed_wallets, metadata, requested_by, force_layer, payment_force_layer, created_at, "
        + "refund_wish, refund_wish_about, result_wish, agrees_to_refund, trouble_kind, trouble_note, trouble_tries, trouble_since_ms, trouble_retry_ms, gave_up_at, "
        + "chain_state, result_hash, buyer_address, lock_return_address, collateral_return, seller_cooldown_ms, buyer_cooldown_ms, escrow_ref, current_tx, "
        + "buyer_fees, seller_fees, paying_wallet, strange, second_lock, state, intent, next_at, problem_code, error_type, error_note, needs_manual, "
        + "revision, updated_at, next_action_changed_at, state_changed_at";

    /// <summary>What is read: the columns, and what acts for the deal now.</summary>
    public const string Selected =
        "d." + "*, s.attempt_id AS attempt_id, s.action AS attempt_action, a.tx_id AS attempt_tx, a.refusals AS attempt_refusals, a.answer AS attempt_answer";

    /// <summary>Where it is read from.</summary>
    public const string Joined = "deal d LEFT JOIN attempt_subject s ON s.subject_id = d.id AND s.live = 1 LEFT JOIN attempt a ON a.id = s.attempt_id";

    /// <summary>Inserts a row.</summary>
    public static string Insert { get; } = $"INSERT INTO deal ({Names}) VALUES ({string.Join(", ", Names.Split(", ").Select(Parameter))})";

    /// <summary>Writes what can change of a row.</summary>
    public static string Update { get; } =
        $"UPDATE deal SET {string.Join(", ", Names.Split(", ").SkipWhile(n => n != "buyer_return_address").Where(n => n != "created_at").Select(n => $"{n} = {Parameter(n)}"))} WHERE id = @Id";

    public string Id { get; set; } = "";
    public string Side { get; set; } = "";
    public string SourceId { get; set; } = "";
    public string Family { get; set; } = "";
    public byte[] IdentifierHash { get; set; } = [];
    public byte[] Identifier { get; set; } = [];
    public string AgentIdentifier { get; set; } = "";
    public string? AgentName { get; set; }
    public string Pricing { get; set; } = "";
    public string Funds { get; set; } = "";
    public byte[] InputHash { get; set; } = [];
    public long PayByMs { get; set; }
    public long SubmitResultMs { get; set; }
    public long UnlockMs { get; set; }
    public long DisputeUnlockMs { get; set; }
    public byte[] SellerAddress { get; set; } = [];
    public byte[]? SellerReturnAddress { get; set; }
    public byte[]? BuyerReturnAddress { get; set; }
    public string? WalletId { get; set; }
    public string? AllowedWallets { get; set; }
    public string? Metadata { get; set; }
    public string? RequestedBy { get; set; }
    public string? ForceLayer { get; set; }
    public string? PaymentForceLayer { get; set; }
    public long CreatedAt { get; set; }
    public string RefundWish { get; set; } = "";
    public byte[]? ResultWish { get; set; }
    public long AgreesToRefund { get; set; }
    public byte[]? RefundWishAbout { get; set; }
    public string? TroubleKind { get; set; }
    public string? TroubleNote { get; set; }
    public long TroubleTries { get; set; }
    public long? TroubleSinceMs { get; set; }
    public long? TroubleRetryMs { get; set; }
    public long? GaveUpAt { get; set; }
    public string? ChainState { get; set; }
    public byte[]? ResultHash { get; set; }
    public byte[]? BuyerAddress { get; set; }
    public byte[]? LockReturnAddress { get; set; }
    public long? CollateralReturn { get; set; }
    public long SellerCooldownMs { get; set; }
    public long BuyerCooldownMs { get; set; }
    public byte[]? EscrowRef { get; set; }
    public string? CurrentTx { get; set; }
    public long BuyerFees { get; set; }
    public long SellerFees { get; set; }
    public string? PayingWallet { get; set; }
    public string? Strange { get; set; }
    public byte[]? SecondLock { get; set; }
    public string? State { get; set; }
    public string Intent { get; set; } = "";
    public long? NextAt { get; set; }
    public string? ProblemCode { get; set; }
    public string? ErrorType { get; set; }
    public string? ErrorNote { get; set; }
    public long NeedsManual { get; set; }
    public long Revision { get; set; }
    public long UpdatedAt { get; set; }
    public long NextActionChangedAt { get; set; }
    public long StateChangedAt { get; set; }
    public string? AttemptId { get; set; }
    public string? AttemptAction { get; set; }
    public byte[]? AttemptTx { get; set; }
    public long? AttemptRefusals { get; set; }
    public string? AttemptAnswer { get; set; }

    public static DealRow Of(Deal deal)
    {
        var terms = deal.Terms;
        var chain = deal.Projection;
        return new()
        {
            Id = deal.Id,
            Side = deal.Side.ToString(),
            SourceId = deal.SourceId,
            Family = deal.Family.ToString(),
            IdentifierHash = Bytes.HashOf(terms.Identifier.ToString()),
            Identifier = Bytes.Of(terms.Identifier.ToString()),
            AgentIdentifier = terms.AgentIdentifier.ToString(),
            AgentName = deal.AgentName,
            Pricing = Word.Text(terms.Pricing),
            Funds = Amounts.ToJson(terms.Funds),
            InputHash = terms.InputHash.ToBytes(),
            PayByMs = Ms(terms.Deadlines.PayBy),
            SubmitResultMs = Ms(terms.Deadlines.SubmitResult),
            UnlockMs = Ms(terms.Deadlines.Unlock),
            DisputeUnlockMs = Ms(terms.Deadlines.ExternalDisputeUnlock),
            SellerAddress = terms.SellerAddress.Bytes.ToArray(),
            SellerReturnAddress = Bytes.Of(terms.SellerReturnAddress),
            BuyerReturnAddress = Bytes.Of(terms.BuyerReturnAddress),
            WalletId = deal.WalletId,
            AllowedWallets = Wallets(deal.AllowedWallets),
            Metadata = deal.Metadata,
            RequestedBy = deal.RequestedBy,
            ForceLayer = Text(deal.ForceLayer),
            PaymentForceLayer = Text(deal.PaymentForceLayer),
            CreatedAt = Ms(deal.CreatedAt),
            RefundWish = deal.Wishes.Refund.ToString(),
            RefundWishAbout = Bytes.OfAny(deal.Wishes.About),
            ResultWish = Bytes.OfAny(deal.Wishes.Result?.ToString()),
            AgreesToRefund = Number(deal.Wishes.AgreesToRefund),
            TroubleKind = deal.Trouble?.Kind.ToString(),
            TroubleNote = deal.Trouble?.Note,
            TroubleTries = deal.Trouble?.Tries ?? 0,
            TroubleSinceMs = Ms(deal.Trouble?.Since),
            TroubleRetryMs = Ms(deal.Trouble?.RetryAt),
            GaveUpAt = Ms(deal.GaveUpAt),
            ChainState = Text(chain.State),
            ResultHash = Bytes.OfAny(chain.ResultHash),
            BuyerAddress = Bytes.Of(chain.BuyerAddress),
            LockReturnAddress = Bytes.Of(chain.BuyerReturnAddress),
            CollateralReturn = chain.CollateralReturn?.Amount,
            SellerCooldownMs = Ms(chain.SellerCooldown),
            BuyerCooldownMs = Ms(chain.BuyerCooldown),
            EscrowRef = Bytes.Of(chain.Escrow),
            CurrentTx = chain.CurrentTransaction?.ToString(),
            BuyerFees = chain.BuyerFees.Amount,
            SellerFees = chain.SellerFees.Amount,
            PayingWallet = chain.PayingWallet,
            Strange = chain.Strange,
            SecondLock = Bytes.Of(chain.SecondLock),
            State = Text(deal.OnChainState),
            Intent = deal.Intent.ToString(),
            NextAt = Ms(deal.NextAt),
            ProblemCode = deal.Problem?.Code,
            ErrorType = Text(deal.Problem?.Type),
            ErrorNote = deal.Problem?.Note,
            NeedsManual = Number(deal.Problem is { NeedsManual: true }),
            Revision = deal.Revision,
            UpdatedAt = Ms(deal.UpdatedAt),
            NextActionChangedAt = Ms(deal.NextActionChangedAt),
            StateChangedAt = Ms(deal.StateChangedAt),
        };
    }

    public Deal ToDeal() =>
        new()
        {
            Id = Id,
            Side = Enum.Parse<DealSide>(Side),
            SourceId = SourceId,
            Family = Enum.Parse<EscrowFamily>(Family),
            Terms = ToTerms(),
            AgentName = AgentName,
            WalletId = WalletId,
            AllowedWallets = AllowedWallets is null ? [] : JsonSerializer.Deserialize<ImmutableArray<string>>(AllowedWallets),
            Metadata = Metadata,
            RequestedBy = RequestedBy,
            ForceLayer = ForceLayer is null ? null : Word.Parse<SettlementLayer>(ForceLayer),
            PaymentForceLayer = PaymentForceLayer is null ? null : Word.Parse<SettlementLayer>(PaymentForceLayer),
            CreatedAt = Time(CreatedAt),
            Wishes = new Wishes(
                Enum.Parse<RefundWish>(RefundWish),
                ResultWish is null ? null : Protocol.ResultHash.Parse(Bytes.ToHex(ResultWish)),
                AgreesToRefund != 0,
                RefundWishAbout is null ? null : Bytes.ToHex(RefundWishAbout)
            ),
            Projection = ToProjection(),
            UnderWay = AttemptId is null
                ? null
                : new StandingAttempt(
                    AttemptId,
                    Bytes.ToTransaction(AttemptTx),
                    Enum.Parse<Rails.Intent>(AttemptAction!),
                    (int)(AttemptRefusals ?? 0),
                    AttemptAnswer
                ),
            Trouble = TroubleKind is null
                ? null
                : new Trouble(
                    Enum.Parse<TroubleKind>(TroubleKind),
                    TroubleNote ?? "",
                    (int)TroubleTries,
                    Time(TroubleSinceMs!.Value),
                    Time(TroubleRetryMs!.Value)
                ),
            GaveUpAt = GaveUpAt is { } at ? Time(at) : null,
            Intent = Enum.Parse<Intent>(Intent),
            NextAt = NextAt is { } next ? Time(next) : null,
            Problem = ProblemCode is null
                ? null
                : new DealProblem(ProblemCode, ErrorType is null ? null : Word.Parse<ErrorType>(ErrorType), ErrorNote ?? "", NeedsManual != 0),
            Revision = Revision,
            UpdatedAt = Time(UpdatedAt),
            NextActionChangedAt = Time(NextActionChangedAt),
            StateChangedAt = Time(StateChangedAt),
        };

    private DealTerms ToTerms() =>
        new(
            BlockchainIdentifier.Parse(Bytes.ToHex(Identifier)),
            Protocol.AgentIdentifier.Parse(AgentIdentifier),
            Word.Parse<PricingType>(Pricing),
            Amounts.FromJson(Funds),
            Protocol.InputHash.From(InputHash),
            new Deadlines(Time(PayByMs), Time(SubmitResultMs), Time(UnlockMs), Time(DisputeUnlockMs)),
            Address.FromBytes(SellerAddress),
            Bytes.ToAddress(SellerReturnAddress),
            Bytes.ToAddress(BuyerReturnAddress)
        );

    private Projection ToProjection() =>
        new()
        {
            State = ChainState is null ? null : Word.Parse<OnChainState>(ChainState),
            ResultHash = ResultHash is null ? null : Bytes.ToHex(ResultHash),
            BuyerAddress = Bytes.ToAddress(BuyerAddress),
            BuyerReturnAddress = Bytes.ToAddress(LockReturnAddress),
            CollateralReturn = CollateralReturn is { } lovelace ? new Lovelace(lovelace) : null,
            SellerCooldown = Time(SellerCooldownMs),
            BuyerCooldown = Time(BuyerCooldownMs),
            Escrow = EscrowRef is null ? null : Bytes.ToInput(EscrowRef),
            CurrentTransaction = CurrentTx is null ? null : TransactionId.Parse(CurrentTx),
            BuyerFees = new Lovelace(BuyerFees),
            SellerFees = new Lovelace(SellerFees),
            PayingWallet = PayingWallet,
            Strange = Strange,
            SecondLock = SecondLock is null ? null : Bytes.ToInput(SecondLock),
        };

    // pay_by_ms -> @PayByMs, the name of the row's property; SQLite minds the case.
    private static string Parameter(string column) => "@" + string.Concat(column.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    private static string? Text<T>(T? word)
        where T : struct, Enum => word is { } known ? Word.Text(known) : null;

    private static string? Wallets(ImmutableArray<string> ids) => ids.IsDefaultOrEmpty ? null : JsonSerializer.Serialize(ids);

    private static long Number(bool truth) => truth ? 1 : 0;

    private static long? Ms(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
