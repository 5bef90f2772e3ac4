using System.Collections.Concurrent;
using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Stores;

namespace Masumi.Payments.Wallets;

/// <summary>
/// What is at any address, as the chain's provider lists it (spec payment-service-api.md 6.7). A list is kept for some seconds: clients that poll balances would
/// else use up the provider's calls.
/// </summary>
internal sealed class AddressLook(MoneyContext context)
{
    private const string Lovelace = "lovelace";
    private const int MostKept = 1_000;
    private const int MostCoinsKept = 1_000;
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<Address, (ImmutableArray<Utxo> Coins, Hash32? Tip, long Read)> _kept = new();

    public async Task<Reply<UtxoList>> ListAsync(ListUtxosRequest request, ApiKey caller, CancellationToken cancellation)
    {
        var (address, refusal) = await AddressAsync(request.Address, request.Network, caller, cancellation);
        if (address is null)
        {
            return refusal!;
        }

        var coins = await CoinsAsync(address, cancellation);
        if (coins.IsEmpty)
        {
            return WalletRefusals.AddressNotFound;
        }

        // Providers list the oldest first.
        var ordered = request.Order == SortOrder.Desc ? coins.Reverse() : coins;
        var page = ordered.Skip((int)((request.Page - 1) * request.Count)).Take((int)request.Count).ToList();
        var blocks = new Dictionary<TransactionId, string>();
        foreach (var txId in page.Select(c => c.Input.TxId).Distinct())
        {
            // A provider that lists an output and does not know its transaction is between two blocks: nothing is known.
            blocks[txId] =
                (await context.Chain.FindTransactionAsync(txId, cancellation))?.Block.Hash.ToString()
                ?? throw new Chain.ChainUnavailableException($"The provider lists outputs of {txId} and does not know it.");
        }

        return new UtxoList([.. page.Select(c => Row(c, blocks[c.Input.TxId]))]);
    }

    public async Task<Reply<AddressBalance>> BalanceAsync(GetBalanceRequest request, ApiKey caller, CancellationToken cancellation)
    {
        var (address, refusal) = await AddressAsync(request.Address, request.Network, caller, cancellation);
        if (address is null)
        {
            return refusal!;
        }

        var sum = (await CoinsAsync(address, cancellation)).Aggregate(Value.Zero, (total, coin) => total + coin.Output.Value);
        return new AddressBalance([.. Amounts.ToList(sum).Select(a => new BalanceAmountRow(UnitText(a.Unit), Number(a.Quantity)))]);
    }

    private static UtxoRow Row(Utxo coin, string block) =>
        new(
            coin.Input.TxId.ToString(),
            coin.Output.Address.ToString(),
            [.. Amounts.ToList(coin.Output.Value).Select(a => new UtxoAmountRow(UnitText(a.Unit), Number(a.Quantity)))],
            HashOf(coin.Output.Datum)?.ToString(),
            coin.Output.Datum is TxDatum.Inline { Datum: var datum } ? Convert.ToHexStringLower(datum.Bytes.Span) : null,
            coin.Output.ReferenceScript?.Hash.ToString(),
            coin.Input.Index,
            block
        );

    private static DatumHash? HashOf(TxDatum? datum) =>
        datum switch
        {
            TxDatum.ByHash { Hash: var hash } => hash,
            TxDatum.Inline { Datum: var inline } => inline.Hash,
            _ => null,
        };

    private static string UnitText(string unit) => unit.Length == 0 ? Lovelace : unit;

    // No number where there is more than one can say.
    private static long? Number(Int128 quantity) => quantity > long.MaxValue ? null : (long)quantity;

    private async Task<(Address? Address, Refusal? Refusal)> AddressAsync(string text, Network network, ApiKey caller, CancellationToken cancellation) =>
        await context.Authentication.RefuseNetworkAsync(caller, network, cancellation) is { } refusal ? (null, refusal)
        : (await context.SourcesAsync(cancellation)).All(s => s.Network != network) ? (null, WalletRefusals.NetworkNotFound.With())
        : !Address.TryParse(text, out var address) || address.IsByron || address.IsReward || address.Network != network.ToNetworkId()
            ? (null, WalletRefusals.InvalidAddress.With())
        : (address, null);

    // A new block makes a list old at once.
    private async Task<ImmutableArray<Utxo>> CoinsAsync(Address address, CancellationToken cancellation)
    {
        var tip = context.Clock.Tip?.Hash;
        if (_kept.TryGetValue(address, out var kept) && kept.Tip == tip && context.Time.GetElapsedTime(kept.Read) < Kept)
        {
            return kept.Coins;
        }

        var read = context.Time.GetTimestamp();
        var coins = await context.Chain.GetUtxosAsync(address, cancellation);
        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        if (coins.Length <= MostCoinsKept)
        {
            _kept[address] = (coins, tip, read);
        }

        return coins;
    }
}
