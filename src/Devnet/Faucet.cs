using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Devnet;

/// <summary>
/// Gives money away in ordinary signed transactions. It mints assets under its own policy (its key's signature) as needed; of other
/// policies it gives what it owns.
/// </summary>
internal sealed class Faucet
{
    private const int MostRounds = 4;

    private readonly WalletKeys _keys;
    private TxInput? _purse;

    public Faucet(string mnemonic)
    {
        _keys = WalletKeys.FromMnemonic(mnemonic);
        Address = _keys.BaseAddress(NetworkId.Testnet);
        Script = SignatureOf(_keys.Payment.KeyHash);
    }

    public Address Address { get; }

    /// <summary>The native script whose hash is the faucet's policy.</summary>
    public Script Script { get; }

    /// <summary>The transaction that pays <paramref name="value"/>, or why there is none.</summary>
    public (Transaction? Transaction, string? Refusal) Pay(Address to, Value value, LedgerState state, ProtocolParameters parameters)
    {
        var output = new TxOutput(to, value);
        var least = Fees.MinUtxo(parameters, output);
        if (value.Coin == Lovelace.Zero && !value.Assets.IsEmpty)
        {
            // The ADA itself takes bytes; more of it takes no more of them.
            least = Fees.MinUtxo(parameters, new TxOutput(to, value.WithCoin(least)));
            value = value.WithCoin(least);
            output = new TxOutput(to, value);
        }

        if (value.Coin < least)
        {
            return (null, $"An output like this must hold at least {least} lovelace, asked for {value.Coin}.");
        }

        if (FindPurse(state) is not { } purse)
        {
            return (null, "The faucet owns nothing any more.");
        }

        var minted = Value.Of(Lovelace.Zero, value.Assets.Where(a => a.Key.Policy == Script.Hash.ToPolicyId()));
        var change = purse.Output.Value + minted - value;
        if (!change.IsNonNegative)
        {
            return (null, $"The faucet holds {purse.Output.Value} and mints only under its own policy {Script.Hash}.");
        }

        if (change.Coin < Lovelace.FromAda(5))
        {
            return (null, $"The faucet has only {purse.Output.Value.Coin} lovelace left.");
        }

        // Two rounds reach the fixed point: with the first fee both numbers have their final width. Where a lovelace more or less changes
        // the width of the change there may be none; then the larger fee does.
        var fee = Lovelace.FromAda(1);
        Transaction transaction;
        for (var round = 1; ; round++)
        {
            var body = new TransactionBody
            {
                Inputs = [purse.Input],
                Outputs = [output, new TxOutput(Address, change.WithCoin(change.Coin - fee))],
                Fee = fee,
                Mint = minted,
            };
            var witnesses = minted.IsZero ? WitnessSet.Empty : new WitnessSet { Scripts = [Script] };
            transaction = Transaction.Create(body, witnesses);
            transaction = transaction.WithVKeys([_keys.Payment.Witness(transaction.Id)]);
            var needed = Fees.MinFee(parameters, transaction.Size, default, Fees.ReferenceScriptBytes([purse.Output]));
            if (fee == needed || (round > MostRounds && fee > needed))
            {
                break;
            }

            fee = needed;
        }

        _purse = new TxInput(transaction.Id, 1);
        return (transaction, null);
    }

    // Its own last change; after a rollback or a restart its richest output.
    private Utxo? FindPurse(LedgerState state)
    {
        if (_purse is { } known && state.Find(known) is { } output)
        {
            return new Utxo(known, output);
        }

        return state
            .Utxos.Where(u => u.Value.Address == Address)
            .OrderByDescending(u => u.Value.Value.Coin)
            .Select(u => new Utxo(u.Key, u.Value))
            .FirstOrDefault();
    }

    private static Script SignatureOf(KeyHash keyHash)
    {
        var writer = new CborWriter();
        writer.WriteStartArray(2);
        writer.WriteInt32(0);
        writer.WriteByteString(keyHash.ToArray());
        writer.WriteEndArray();
        return new Script(ScriptLanguage.Native, writer.Encode());
    }
}
