using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Ledger;

namespace Masumi.Acceptance.Killing;

/// <summary>What became of an identifier on chain.</summary>
internal sealed class Entry
{
    public List<TxInput> Locks { get; } = [];

    public List<EscrowAction> Actions { get; } = [];

    /// <summary>Who signed what ended it.</summary>
    public string? EndedBy { get; set; }

    public override string ToString() => $"{Locks.Count} locks ({string.Join(", ", Locks)}), then {string.Join(", ", Actions)}, ended by {EndedBy ?? "nobody"}";
}

/// <summary>
/// The devnet's own blocks, read from the first to the last without a word of the nodes': what was locked under each identifier and how it ended, and who paid which fees.
/// </summary>
internal sealed class ChainBook
{
    private readonly Dictionary<TxInput, TxOutput> _outputs = [];
    private readonly Dictionary<TxInput, string> _escrows = [];

    private ChainBook(IReadOnlyList<LedgerBlock> blocks, long since)
    {
        foreach (var block in blocks)
        {
            foreach (var transaction in block.Transactions)
            {
                Read(transaction, block.Height > since);
            }
        }
    }

    public Dictionary<string, Entry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>What is at the contract and no right escrow, and transactions whose scripts failed.</summary>
    public List<string> Strange { get; } = [];

    /// <summary>Fees of the transactions that the buyer signed.</summary>
    public Lovelace BuyersFees { get; private set; }

    /// <summary>Fees of the transactions that the seller signed.</summary>
    public Lovelace SellersFees { get; private set; }

    public int Transactions { get; private set; }

    /// <param name="trade">Whose chain.</param>
    /// <param name="since">The height after which fees and transactions count.</param>
    public static ChainBook Read(Trade trade, long since) => new(trade.Devnet.Chain.Blocks, since);

    /// <summary>What lies at a wallet's address.</summary>
    public static Lovelace Balance(Trade trade, byte wallet) => new(trade.Devnet.Chain.Now.UtxosAt(Trade.Home(wallet)).Sum(u => u.Output.Value.Coin.Amount));

    private void Read(Transaction transaction, bool counts)
    {
        var (isBuyers, isSellers) = (IsSignedBy(transaction, Trade.BuyersWallet), IsSignedBy(transaction, Trade.SellersWallet));
        if (counts)
        {
            Transactions++;
            BuyersFees += isBuyers ? transaction.Body.Fee : Lovelace.Zero;
            SellersFees += isSellers ? transaction.Body.Fee : Lovelace.Zero;
            if (isBuyers && isSellers)
            {
                Strange.Add($"{transaction.Id} is signed by both");
            }
        }

        foreach (var happened in EscrowWatcher.Interpret(transaction, transaction.IsValid, _outputs, EscrowFamily.V2, Trade.Escrow))
        {
            Read(
                happened,
                isBuyers ? "buyer"
                    : isSellers ? "seller"
                    : "a stranger",
                transaction.Id
            );
        }

        for (var index = 0; transaction.IsValid && index < transaction.Body.Outputs.Length; index++)
        {
            _outputs[new TxInput(transaction.Id, index)] = transaction.Body.Outputs[index];
        }
    }

    private void Read(EscrowEvent happened, string signer, TransactionId txId)
    {
        switch (happened)
        {
            case EscrowEvent.Locked locked:
                var identifier = _escrows[locked.At] = locked.Identifier.Encode();
                if (!Entries.TryGetValue(identifier, out var entry))
                {
                    Entries[identifier] = entry = new Entry();
                }

                entry.Locks.Add(locked.At);
                break;
            case EscrowEvent.Moved moved:
                _escrows[moved.At] = _escrows[moved.Spent];
                Entries[_escrows[moved.At]].Actions.Add(moved.Action);
                break;
            case EscrowEvent.Closed closed:
                Entries[_escrows[closed.Spent]].Actions.Add(closed.Action);
                Entries[_escrows[closed.Spent]].EndedBy = signer;
                break;
            default:
                Strange.Add($"{txId}: {happened}");
                break;
        }
    }

    private static bool IsSignedBy(Transaction transaction, byte wallet) =>
        transaction.Witnesses.VKeys.Any(w => w.PublicKey.Span.SequenceEqual(Trade.Keys(wallet).Payment.PublicKey.Span));
}
