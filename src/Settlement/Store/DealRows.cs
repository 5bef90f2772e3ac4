using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;

namespace Masumi.Settlement;

/// <summary>A deal as its columns, and back.</summary>
internal sealed class DealRow
{
    public const string Columns =
        "id, side, source_id, identifier, agent_identifier, agent_name, pricing, funds, input_hash, pay_by_ms, submit_result_ms, unlock_ms, "
        + "dispute_unlock_ms, seller_address, seller_vkey, seller_return_address, buyer_return_address, wallet_id, allowed_wallets, lock_collateral, metadata, "
        + "requested_by, created_at, intent, intent_result_hash, needs_manual, error_type, error_note, state, result_hash, buyer_address, "
        + "lock_return_address, collateral_return, seller_cooldown_ms, buyer_cooldown_ms, escrow_ref, current_tx, buyer_fees, seller_fees, "
        + "refusal, updated_at, next_action_changed_at, state_changed_at";

    public string Id { get; set; } = "";
    public string Side { get; set; } = "";
    public string SourceId { get; set; } = "";
    public string Identifier { get; set; } = "";
    public string AgentIdentifier { get; set; } = "";
    public string? AgentName { get; set; }
    public string Pricing { get; set; } = "";
    public string Funds { get; set; } = "";
    public string InputHash { get; set; } = "";
    public long PayByMs { get; set; }
    public long SubmitResultMs { get; set; }
    public long UnlockMs { get; set; }
    public long DisputeUnlockMs { get; set; }
    public string SellerAddress { get; set; } = "";
    public string SellerVkey { get; set; } = "";
    public string? SellerReturnAddress { get; set; }
    public string? BuyerReturnAddress { get; set; }
    public string? WalletId { get; set; }
    public string? AllowedWallets { get; set; }
    public long? LockCollateral { get; set; }
    public string? Metadata { get; set; }
    public string? RequestedBy { get; set; }
    public long CreatedAt { get; set; }
    public string Intent { get; set; } = "";
    public string? IntentResultHash { get; set; }
    public long NeedsManual { get; set; }
    public string? ErrorType { get; set; }
    public string? ErrorNote { get; set; }
    public string? State { get; set; }
    public string? ResultHash { get; set; }
    public string? BuyerAddress { get; set; }
    public string? LockReturnAddress { get; set; }
    public long? CollateralReturn { get; set; }
    public long SellerCooldownMs { get; set; }
    public long BuyerCooldownMs { get; set; }
    public string? EscrowRef { get; set; }
    public string? CurrentTx { get; set; }
    public long BuyerFees { get; set; }
    public long SellerFees { get; set; }
    public string? Refusal { get; set; }
    public long UpdatedAt { get; set; }
    public long NextActionChangedAt { get; set; }
    public long StateChangedAt { get; set; }

    public long UnderWay { get; set; }

    public DealView ToView() => new(ToDeal(), UnderWay != 0);

    public static DealRow From(Deal deal) =>
        new()
        {
            Id = deal.Id,
            Side = deal.Side.ToString(),
            SourceId = deal.SourceId,
            Identifier = deal.Terms.Identifier.ToString(),
            AgentIdentifier = deal.Terms.AgentIdentifier.ToString(),
            AgentName = deal.AgentName,
            Pricing = Word.Text(deal.Terms.Pricing),
            Funds = Amounts.ToJson(deal.Terms.Funds),
            InputHash = deal.Terms.InputHash.ToString(),
            PayByMs = deal.Terms.Deadlines.PayBy.ToUnixTimeMilliseconds(),
            SubmitResultMs = deal.Terms.Deadlines.SubmitResult.ToUnixTimeMilliseconds(),
            UnlockMs = deal.Terms.Deadlines.Unlock.ToUnixTimeMilliseconds(),
            DisputeUnlockMs = deal.Terms.Deadlines.ExternalDisputeUnlock.ToUnixTimeMilliseconds(),
            SellerAddress = deal.Terms.SellerAddress.ToString(),
            SellerVkey = deal.Terms.SellerAddress.Payment!.Value.Hash.ToString(),
            SellerReturnAddress = deal.Terms.SellerReturnAddress?.ToString(),
            BuyerReturnAddress = deal.Terms.BuyerReturnAddress?.ToString(),
            WalletId = deal.WalletId,
            AllowedWallets = deal.AllowedWallets.IsDefaultOrEmpty ? null : JsonSerializer.Serialize(deal.AllowedWallets),
            LockCollateral = deal.LockCollateral?.Amount,
            Metadata = deal.Metadata,
            RequestedBy = deal.RequestedBy,
            CreatedAt = deal.CreatedAt.ToUnixTimeMilliseconds(),
            Intent = deal.Intent.ToString(),
            IntentResultHash = deal.IntentResultHash?.ToString(),
            NeedsManual = deal.Problem is { NeedsManual: true } ? 1 : 0,
            ErrorType = deal.Problem is { } problem ? Word.Text(problem.Type) : null,
            ErrorNote = deal.Problem?.Note,
            State = deal.Projection.State is { } state ? Word.Text(state) : null,
            ResultHash = deal.Projection.ResultHash,
            BuyerAddress = deal.Projection.BuyerAddress?.ToString(),
            LockReturnAddress = deal.Projection.BuyerReturnAddress?.ToString(),
            CollateralReturn = deal.Projection.CollateralReturn?.Amount,
            SellerCooldownMs = deal.Projection.SellerCooldown.ToUnixTimeMilliseconds(),
            BuyerCooldownMs = deal.Projection.BuyerCooldown.ToUnixTimeMilliseconds(),
            EscrowRef = deal.Projection.Escrow?.ToString(),
            CurrentTx = deal.Projection.CurrentTransaction?.ToString(),
            BuyerFees = deal.Projection.BuyerFees.Amount,
            SellerFees = deal.Projection.SellerFees.Amount,
            Refusal = deal.Projection.Refusal,
            UpdatedAt = deal.UpdatedAt.ToUnixTimeMilliseconds(),
            NextActionChangedAt = deal.NextActionChangedAt.ToUnixTimeMilliseconds(),
            StateChangedAt = deal.StateChangedAt.ToUnixTimeMilliseconds(),
        };

    public Deal ToDeal() =>
        new()
        {
            Id = Id,
            Side = Enum.Parse<DealSide>(Side),
            SourceId = SourceId,
            Terms = new DealTerms(
                BlockchainIdentifier.Parse(Identifier),
                Protocol.AgentIdentifier.Parse(AgentIdentifier),
                Word.Parse<PricingType>(Pricing),
                Amounts.FromJson(Funds),
                Protocol.InputHash.Parse(InputHash),
                new Deadlines(Time(PayByMs), Time(SubmitResultMs), Time(UnlockMs), Time(DisputeUnlockMs)),
                Address.Parse(SellerAddress),
                Parse(SellerReturnAddress),
                Parse(BuyerReturnAddress)
            ),
            AgentName = AgentName,
            WalletId = WalletId,
            AllowedWallets = AllowedWallets is null ? [] : JsonSerializer.Deserialize<ImmutableArray<string>>(AllowedWallets),
            LockCollateral = LockCollateral is { } collateral ? new Lovelace(collateral) : null,
            Metadata = Metadata,
            RequestedBy = RequestedBy,
            CreatedAt = Time(CreatedAt),
            Intent = Enum.Parse<Intent>(Intent),
            IntentResultHash = IntentResultHash is null ? null : Protocol.ResultHash.Parse(IntentResultHash),
            Problem = ErrorType is null ? null : new DealProblem(Word.Parse<ErrorType>(ErrorType), ErrorNote ?? "", NeedsManual != 0),
            Projection = new Projection
            {
                State = State is null ? null : Word.Parse<OnChainState>(State),
                ResultHash = ResultHash,
                BuyerAddress = Parse(BuyerAddress),
                BuyerReturnAddress = Parse(LockReturnAddress),
                CollateralReturn = CollateralReturn is { } lovelace ? new Lovelace(lovelace) : null,
                SellerCooldown = Time(SellerCooldownMs),
                BuyerCooldown = Time(BuyerCooldownMs),
                Escrow = EscrowRef is null ? null : TxInput.Parse(EscrowRef),
                CurrentTransaction = CurrentTx is null ? null : TransactionId.Parse(CurrentTx),
                BuyerFees = new Lovelace(BuyerFees),
                SellerFees = new Lovelace(SellerFees),
                Refusal = Refusal,
            },
            UpdatedAt = Time(UpdatedAt),
            NextActionChangedAt = Time(NextActionChangedAt),
            StateChangedAt = Time(StateChangedAt),
        };

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static Address? Parse(string? text) => text is null ? null : Address.Parse(text);
}

/// <summary>Values as the JSON the store keeps: a list of unit and decimal amount, ADA with the empty unit.</summary>
public static class Amounts
{
    /// <summary>ADA first (when not zero), then assets in ledger order.</summary>
    public static string ToJson(Value value) =>
        JsonSerializer.Serialize(ToList(value).Select(a => new[] { a.Unit, a.Quantity.ToString(CultureInfo.InvariantCulture) }));

    /// <summary>The units and quantities of a value, ADA as the empty unit.</summary>
    public static IEnumerable<(string Unit, Int128 Quantity)> ToList(Value value)
    {
        if (value.Coin != Lovelace.Zero)
        {
            yield return ("", value.Coin.Amount);
        }

        foreach (var (asset, quantity) in value.Assets)
        {
            yield return (asset.ToString(), quantity);
        }
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Value FromJson(string json)
    {
        var coin = Lovelace.Zero;
        var assets = new List<KeyValuePair<AssetId, Int128>>();
        foreach (var pair in JsonSerializer.Deserialize<string[][]>(json)!)
        {
            var quantity = Digits.ReadSigned<Int128>(pair[1]);
            if (pair[0].Length == 0)
            {
                coin += new Lovelace(checked((long)quantity));
            }
            else
            {
                assets.Add(new(AssetId.Parse(pair[0]), quantity));
            }
        }

        return Value.Of(coin, assets);
    }
}
