using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Http;

/// <summary>/accounts. An account is known once an address delegates to it or a certificate names it.</summary>
internal static class AccountEndpoints
{
    public static ApiResponse Get(ChainReader chain, string text) =>
        With(
            chain,
            text,
            account =>
            {
                Int128 rewards = account.State?.Rewards.Amount ?? 0;
                var controlled = account.Outputs.Aggregate(rewards, (sum, o) => sum + o.Value.Coin.Exact);
                var withdrawn = account.Past.Withdrawals.Aggregate(Int128.Zero, (sum, w) => sum + w.Amount.Amount);
                return ApiResponse.Ok(
                    new JsonObject
                    {
                        ["stake_address"] = text,
                        ["active"] = account.State?.Pool is not null,
                        ["registered"] = account.State is not null,
                        ["active_epoch"] = account.Past.Events.LastOrDefault(e => e.Certificate.Registers || e.Certificate.Deregisters) is { } last
                            ? last.Transaction.Block.Slot.Number / chain.Options.EpochLength
                            : null,
                        ["controlled_amount"] = Json.Text(controlled),
                        ["rewards_sum"] = Json.Text(withdrawn + rewards),
                        ["withdrawals_sum"] = Json.Text(withdrawn),
                        ["reserves_sum"] = "0",
                        ["treasury_sum"] = "0",
                        ["withdrawable_amount"] = Json.Text(rewards),
                        ["pool_id"] = account.State?.Pool is { } pool ? CertificateEndpoints.PoolId(pool) : null,
                        ["drep_id"] = CertificateContent.NameOf(account.State?.DRep),
                    }
                );
            }
        );

    public static ApiResponse Addresses(ChainReader chain, string text, ApiRequest request) =>
        With(chain, text, account => Paging.List(request, account.History?.Addresses ?? [], a => new JsonObject { ["address"] = $"{a}" }));

    public static ApiResponse Assets(ChainReader chain, string text, ApiRequest request) =>
        With(
            chain,
            text,
            account =>
            {
                JsonNode[] assets = [.. Json.AmountOf(account.Outputs).Skip(1).Select(a => a!.DeepClone())];
                return Paging.List(request, assets, a => a);
            }
        );

    public static ApiResponse Total(ChainReader chain, string text) =>
        With(
            chain,
            text,
            account =>
            {
                var (received, sent) = account.History?.Totals(account.Index) ?? (Json.AmountOf([]), Json.AmountOf([]));
                return ApiResponse.Ok(
                    new JsonObject
                    {
                        ["stake_address"] = text,
                        ["received_sum"] = received,
                        ["sent_sum"] = sent,
                        ["tx_count"] = account.Transactions.Count,
                    }
                );
            }
        );

    public static ApiResponse Utxos(ChainReader chain, string text, ApiRequest request) =>
        With(chain, text, account => Paging.List(request, [.. account.History?.Record.Utxos.Values ?? []], u => Json.Utxo(u, account.Index)));

    /// <summary>Each transaction once for every address of the account it touches.</summary>
    public static ApiResponse Transactions(ChainReader chain, string text, ApiRequest request)
    {
        if (ChainRange.TryRead(request) is not { } range)
        {
            return ChainRange.Malformed;
        }

        return With(
            chain,
            text,
            account =>
            {
                var touches = range.Of(account.Transactions).SelectMany(t => Touched(t, account).Select(a => (Address: a, Transaction: t))).ToArray();
                return Paging.List(
                    request,
                    touches,
                    t =>
                    {
                        var json = Json.Place(t.Transaction, chain.Slots);
                        json["address"] = $"{t.Address}";
                        return json;
                    }
                );
            }
        );
    }

    public static ApiResponse Registrations(ChainReader chain, string text, ApiRequest request) =>
        With(
            chain,
            text,
            account =>
                Paging.List(
                    request,
                    [.. account.Past.Events.Where(e => e.Certificate.Registers || e.Certificate.Deregisters)],
                    e =>
                    {
                        var json = Place(e.Transaction, chain);
                        json["action"] = e.Certificate.Registers ? "registered" : "deregistered";
                        json["deposit"] = e.Certificate.Registers ? $"{e.Deposit}" : null;
                        return json;
                    }
                )
        );

    public static ApiResponse Delegations(ChainReader chain, string text, ApiRequest request) =>
        With(
            chain,
            text,
            account =>
                Paging.List(
                    request,
                    [.. account.Past.Events.Where(e => e.Certificate.Pool is not null)],
                    e =>
                    {
                        var json = Place(e.Transaction, chain);
                        json["active_epoch"] = CertificateEndpoints.ActiveEpoch(e.Transaction, chain);
                        // What was delegated counts in the snapshot of an epoch boundary; here none is ever taken.
                        json["amount"] = "0";
                        json["pool_id"] = CertificateEndpoints.PoolId(e.Certificate.Pool!.Value);
                        return json;
                    }
                )
        );

    public static ApiResponse Withdrawals(ChainReader chain, string text, ApiRequest request) =>
        With(
            chain,
            text,
            account =>
                Paging.List(
                    request,
                    account.Past.Withdrawals,
                    w =>
                    {
                        var json = Place(w.Transaction, chain);
                        json["amount"] = $"{w.Amount}";
                        return json;
                    }
                )
        );

    public static ApiResponse Nothing(ChainReader chain, string text, ApiRequest request) =>
        With(chain, text, _ => Paging.Range(request, 0, 0, _ => new JsonObject()));

    private static IEnumerable<Address> Touched(TransactionRecord record, Account account)
    {
        var effects = TransactionEffects.Of(record.Transaction);
        var outputs = effects.Spent.Select(i => account.Index.Outputs[i].Utxo.Output).Concat(effects.Created.Select(c => c.Output));
        var own = account.History!.Addresses;
        return outputs.Select(o => o.Address).Where(a => own.Contains(a)).Distinct();
    }

    private static JsonObject Place(TransactionRecord record, ChainReader chain) =>
        new()
        {
            ["tx_hash"] = $"{record.Transaction.Id}",
            ["tx_slot"] = record.Block.Slot.Number,
            ["block_time"] = Json.Time(record.Block, chain.Slots),
            ["block_height"] = record.Block.Height,
        };

    private static ApiResponse With(ChainReader chain, string text, Func<Account, ApiResponse> answer)
    {
        if (!Address.TryParse(text, out var address) || !address.IsReward || address.Network != DevnetChain.Network)
        {
            return ApiResponse.BadRequest("Invalid or malformed stake address format.");
        }

        var view = chain.View;
        var history = History.OfAccount(view.Index, address);
        var credential = address.Stake!.Value;
        var past = AccountHistory.Of(credential, view, chain.Parameters);
        return history is null && past is null
            ? ApiResponse.NotFound()
            : answer(new Account(view.Index, history, past ?? new AccountHistory(), view.State.Certs.Accounts.GetValueOrDefault(credential)));
    }

    private sealed record Account(ChainIndex Index, History? History, AccountHistory Past, StakeAccount? State)
    {
        public IEnumerable<TxOutput> Outputs => History?.Record.Utxos.Values.Select(u => u.Output) ?? [];

        public ImmutableList<TransactionRecord> Transactions => History?.Record.Transactions ?? [];
    }
}
