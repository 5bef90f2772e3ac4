using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Transactions;
using Masumi.Ledger;

namespace Masumi.Devnet;

/// <summary>The first block: transactions without inputs that make all the money there is.</summary>
internal static class Genesis
{
    // Larger transactions are not read, and inputs refer to outputs by 16 bits.
    private const int MostGenesisBytes = 200_000;

    // So many fit into every output.
    private const int FewAssets = 900;

    private static readonly Lovelace BesideTokens = Lovelace.FromAda(2);

    /// <summary>The block of these options. Throws <see cref="ArgumentException"/> when there cannot be one.</summary>
    public static LedgerBlock Block(DevnetOptions options, Address faucet) => LedgerBlock.On(null, new Slot(0), Transactions(options, faucet));

    /// <summary>Of everything the block is made from: making it only to compare it takes long when there are many accounts.</summary>
    public static byte[] Fingerprint(DevnetOptions options, Address faucet)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[16];
        Add(new GenesisAccount(faucet, Value.Of(Lovelace.Zero, options.FaucetAssets)), number);
        foreach (var account in options.Accounts)
        {
            Add(account, number);
        }

        foreach (var wallet in options.Wallets)
        {
            Add(new GenesisAccount(wallet.Address, wallet.Amount), number);
        }

        return hash.GetHashAndReset();

        void Add(GenesisAccount account, Span<byte> buffer)
        {
            AddBytes(account.Address.Bytes.Span, buffer);
            AddNumber(account.Value.Coin.Amount, buffer);
            AddNumber(account.Value.Assets.Count, buffer);
            foreach (var (asset, quantity) in account.Value.Assets)
            {
                hash.AppendData(asset.Policy.ToArray());
                AddBytes(asset.Name.Bytes.Span, buffer);
                AddNumber(quantity, buffer);
            }
        }

        void AddBytes(ReadOnlySpan<byte> bytes, Span<byte> buffer)
        {
            AddNumber(bytes.Length, buffer);
            hash.AppendData(bytes);
        }

        void AddNumber(Int128 value, Span<byte> buffer)
        {
            BinaryPrimitives.WriteInt128BigEndian(buffer, value);
            hash.AppendData(buffer);
        }
    }

    private static ImmutableArray<Transaction> Transactions(DevnetOptions options, Address faucet)
    {
        GenesisAccount[] accounts = [.. options.Accounts, .. options.Wallets.SelectMany(Outputs)];
        var given = accounts.Aggregate(Int128.Zero, (sum, a) => sum + a.Value.Coin.Amount);
        if (given > Lovelace.MaxSupply.Amount)
        {
            throw new ArgumentException($"The accounts hold more than there is: {given} of {Lovelace.MaxSupply} lovelace.");
        }

        var rest = Value.Of(new Lovelace((long)(Lovelace.MaxSupply.Amount - given)), options.FaucetAssets);
        var outputs = accounts.Select(a => new TxOutput(a.Address, a.Value)).Prepend(new TxOutput(faucet, rest));
        return
        [
            .. Chunks(outputs)
                .AsParallel()
                .AsOrdered()
                .Select(
                    (chunk, i) =>
                        Transaction.Create(
                            new TransactionBody
                            {
                                Inputs = [],
                                Outputs = chunk,
                                Fee = Lovelace.Zero,
                                // Sets those apart that have the same outputs.
                                InvalidBefore = i == 0 ? null : new Slot(i),
                            },
                            WitnessSet.Empty
                        )
                ),
        ];
    }

    // An output of ADA alone is collateral everywhere; with tokens in it no wallet would offer it.
    private static IEnumerable<GenesisAccount> Outputs(DevnetAccount wallet)
    {
        var (address, amount) = (wallet.Address, wallet.Amount);
        return amount.IsAdaOnly || amount.Coin <= BesideTokens
            ? [new GenesisAccount(address, amount)]
            : [new GenesisAccount(address, Value.Of(amount.Coin - BesideTokens)), new GenesisAccount(address, amount.WithCoin(BesideTokens))];
    }

    private static void ThrowUnlessItDecodes(TxOutput output)
    {
        try
        {
            TxOutput.FromCbor(output.Bytes);
        }
        catch (CborFormatException e)
        {
            throw new ArgumentException($"{output.Address} cannot hold what is given to it: {e.Message}", e);
        }
    }

    private static List<ImmutableArray<TxOutput>> Chunks(IEnumerable<TxOutput> outputs)
    {
        var chunks = new List<ImmutableArray<TxOutput>>();
        var chunk = ImmutableArray.CreateBuilder<TxOutput>();
        var bytes = 0;
        foreach (var output in outputs)
        {
            bytes += output.Bytes.Length;
            if (output.Value.Assets.Count > FewAssets)
            {
                ThrowUnlessItDecodes(output);
            }

            if (output.Bytes.Length > MostGenesisBytes)
            {
                throw new ArgumentException($"What {output.Address} holds takes more than {MostGenesisBytes} bytes.");
            }

            if (bytes > MostGenesisBytes)
            {
                chunks.Add(chunk.DrainToImmutable());
                bytes = output.Bytes.Length;
            }

            chunk.Add(output);
        }

        chunks.Add(chunk.DrainToImmutable());
        return chunks;
    }
}
