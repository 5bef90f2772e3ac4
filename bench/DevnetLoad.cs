using System.Diagnostics;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;

namespace Masumi.Bench;

/// <summary>Simple payments (one input, two outputs, one signature), signed before anything is measured, and chains to submit them to.</summary>
internal static class DevnetLoad
{
    /// <summary>Payers, so that payments do not all depend on each other; a multiple of every number of clients.</summary>
    private const int Payers = 512;

    private static readonly WalletKeys Payer = WalletKeys.FromMnemonic(DevnetOptions.PublicFaucetMnemonic, account: 1);
    private static readonly WalletKeys Payee = WalletKeys.FromMnemonic(DevnetOptions.PublicFaucetMnemonic, account: 2);

    public static DevnetOptions Options(BlockProduction production)
    {
        // The last one is for Fill.
        var account = new GenesisAccount(Payer.BaseAddress(NetworkId.Testnet), Value.Of(Lovelace.FromAda(1_000_000)));
        return new() { Production = production, Accounts = [.. Enumerable.Repeat(account, Payers + 1)] };
    }

    /// <summary>Payments as bytes, in an order in which all hold on a chain with these options.</summary>
    public static byte[][] Payments(int count)
    {
        using var chain = new DevnetChain(Options(BlockProduction.OnDemand));
        var genesis = chain.Tip.Transactions[0];
        var change = Enumerable.Range(1, Payers).Select(i => (Input: new TxInput(genesis.Id, i), Output: genesis.Body.Outputs[i])).ToArray();
        var payments = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            var transaction = Pay(change[i % Payers].Input, change[i % Payers].Output);
            change[i % Payers] = (new TxInput(transaction.Id, 1), transaction.Body.Outputs[1]);
            payments[i] = transaction.Bytes.ToArray();
        }

        return payments;
    }

    /// <summary>Fills a chain with outputs, in transactions almost as large as they may be.</summary>
    public static void Fill(DevnetChain chain, int outputs)
    {
        var genesis = chain.Tip.Transactions[0];
        var (input, output) = (new TxInput(genesis.Id, Payers + 1), genesis.Body.Outputs[Payers + 1]);
        var each = Value.Of(Lovelace.FromAda(1));
        var made = 0;
        while (made < outputs)
        {
            var count = Math.Min(200, outputs - made);
            var fee = Lovelace.FromAda(2);
            var rest = output.Value - Value.Of(fee) - Value.Of(new Lovelace(each.Coin.Amount * count));
            var body = new TransactionBody
            {
                Inputs = [input],
                Outputs = [new TxOutput(output.Address, rest), .. Enumerable.Repeat(new TxOutput(Payee.BaseAddress(NetworkId.Testnet), each), count)],
                Fee = fee,
            };
            var transaction = Signed(body);
            Accept(chain, transaction.Bytes);
            (input, output) = (new TxInput(transaction.Id, 0), transaction.Body.Outputs[0]);
            made += count;
            if (chain.Mempool.Length >= 5)
            {
                chain.Mine();
            }
        }

        chain.Mine();
    }

    /// <summary>A genesis file with funds at as many addresses.</summary>
    public static string GenesisFile(int addresses)
    {
        var funds = new JsonObject();
        for (var i = 0; i < addresses; i++)
        {
            var key = new KeyHash(Blake2b.Hash224(BitConverter.GetBytes(i)));
            funds[Convert.ToHexStringLower(Address.Create(NetworkId.Testnet, Credential.Key(key), Credential.Key(key)).Bytes.Span)] = 5_000_000 + i;
        }

        return new JsonObject { ["networkMagic"] = 42, ["initialFunds"] = funds }.ToJsonString();
    }

    /// <summary>Decodes and submits; it must be accepted.</summary>
    public static void Accept(DevnetChain chain, ReadOnlyMemory<byte> bytes)
    {
        if (chain.Submit(Transaction.FromCbor(bytes)) is not DevnetSubmission.Accepted)
        {
            throw new InvalidOperationException("A payment of the load was not accepted.");
        }
    }

    /// <summary>Milliseconds each submission took, how long all took, and how much processor time of all threads.</summary>
    public static (double[] Each, TimeSpan All, TimeSpan Processor) Run(DevnetChain chain, ReadOnlySpan<byte[]> payments, int blockBytes)
    {
        var each = new double[payments.Length];
        var waiting = 0;
        using var self = Process.GetCurrentProcess();
        var processor = self.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < payments.Length; i++)
        {
            var before = Stopwatch.GetTimestamp();
            Accept(chain, payments[i]);
            waiting += payments[i].Length;
            if (blockBytes > 0 && waiting + payments[i].Length > blockBytes)
            {
                // Whoever submits the one that fills the block pays for making it.
                chain.Mine();
                waiting = 0;
            }

            each[i] = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        }

        var all = Stopwatch.GetElapsedTime(started);
        self.Refresh();
        return (each, all, self.TotalProcessorTime - processor);
    }

    private static Transaction Pay(TxInput input, TxOutput from)
    {
        var (amount, fee) = (Lovelace.FromAda(2), new Lovelace(170_000));
        return Signed(
            new TransactionBody
            {
                Inputs = [input],
                Outputs =
                [
                    new TxOutput(Payee.BaseAddress(NetworkId.Testnet), Value.Of(amount)),
                    new TxOutput(from.Address, from.Value - Value.Of(amount) - Value.Of(fee)),
                ],
                Fee = fee,
            }
        );
    }

    private static Transaction Signed(TransactionBody body)
    {
        var unsigned = Transaction.Create(body, WitnessSet.Empty);
        return unsigned.WithVKeys([Payer.Payment.Witness(unsigned.Id)]);
    }
}
