using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Tests;

/// <summary>A person with one address, who can pay.</summary>
internal sealed record Wallet(WalletKeys Keys)
{
    public static readonly Wallet Alice = Of(1);
    public static readonly Wallet Bob = Of(2);

    public Address Address { get; } = Keys.BaseAddress(NetworkId.Testnet);

    /// <summary>A signed payment; the rest, less a generous fee, comes back as output 1.</summary>
    public Transaction Pay(Utxo from, Address to, Lovelace amount, Func<TransactionBody, TransactionBody>? change = null)
    {
        var fee = new Lovelace(300_000);
        var body = new TransactionBody
        {
            Inputs = [from.Input],
            Outputs = [new TxOutput(to, Value.Of(amount)), new TxOutput(Address, from.Output.Value - Value.Of(amount) - Value.Of(fee))],
            Fee = fee,
        };
        var unsigned = Transaction.Create(change?.Invoke(body) ?? body, WitnessSet.Empty);
        return unsigned.WithVKeys([Keys.Payment.Witness(unsigned.Id)]);
    }

    public static Utxo OutputOf(Transaction transaction, int index) => new(new TxInput(transaction.Id, index), transaction.Body.Outputs[index]);

    private static Wallet Of(uint account) => new(WalletKeys.FromMnemonic(DevnetOptions.PublicFaucetMnemonic, account: account));
}
