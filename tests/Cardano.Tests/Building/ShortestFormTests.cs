using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Tests.Building;

/// <summary><see cref="TransactionForm.Shortest"/>: the same transaction in the fewest bytes.</summary>
public sealed class ShortestFormTests
{
    private static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;
    private static readonly Address Enterprise = Address.Create(NetworkId.Testnet, Credential.Key(Wallet.Owner.KeyHash));

    private static readonly TransactionPlan Spending = new()
    {
        ChangeAddress = Wallet.Home,
        Signers = [Wallet.Owner],
        ScriptInputs = [Wallet.Locked(1, Value.Of(Lovelace.FromAda(10)), 7, Wallet.Escrow)],
        Outputs = [new TxOutput(Wallet.EscrowAddress, Value.Of(Lovelace.FromAda(10)))],
        RequiredSigners = [Wallet.Owner.KeyHash],
        InvalidBefore = new Slot(0),
        InvalidHereafter = new Slot(100_000_000),
        Available = [Wallet.Ada(2, 100_000_000)],
    };

    [Fact]
    public void It_says_the_same_in_fewer_bytes_and_is_decoded_as_it_was_meant()
    {
        var (usual, shortest) = (Wallet.Built(Spending).Transaction, Wallet.Built(Spending with { Form = TransactionForm.Shortest }).Transaction);

        // Two stake parts, four tags of sets and one of the scripts, vkeys' among them; three outputs as arrays; the redeemer; the total of the collateral.
        Assert.Equal(usual.Size - (2 * 28) - (5 * 3) - (3 * 2) - 1 - 6, shortest.Size);
        var read = Transaction.FromCbor(shortest.Bytes);
        Assert.Equal(usual.Body.Inputs, read.Body.Inputs);
        Assert.Equal(Spending.Outputs, read.Body.Outputs.Take(1));
        Assert.Equal([Enterprise], read.Body.Outputs.Skip(1).Select(o => o.Address));
        Assert.Equal(Enterprise, read.Body.CollateralReturn!.Address);
        Assert.Equal(usual.Witnesses.Redeemers.Single(), read.Witnesses.Redeemers.Single());
        Assert.Equal(
            ScriptIntegrity.Hash(read.RedeemerBytes, default, new HashSet<ScriptLanguage> { ScriptLanguage.PlutusV3 }, Parameters),
            read.Body.ScriptDataHash
        );
        Assert.Equal(Fees.MinFee(Parameters, read.Size, read.Witnesses.Redeemers.Single().Units, 0), read.Body.Fee);
    }

    [Fact]
    public void A_signature_added_later_is_no_tagged_set_either()
    {
        var plan = Spending with { Form = TransactionForm.Shortest };
        var built = Wallet.Built(plan).Transaction;
        var unsigned = Wallet.Built(plan with { Signers = [] }).Transaction;
        Assert.Equal(built.Bytes.ToArray(), unsigned.WithVKeys([Wallet.Owner.Witness(unsigned.Id)]).Bytes.ToArray());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1_000_000, true)]
    [InlineData(1_002_000, false)]
    public void What_is_left_over_is_left_to_the_fee_up_to_the_bound(long leftOver, bool isFee)
    {
        var plan = Spending with { Form = TransactionForm.Shortest, Available = [Wallet.Ada(2, 50_000_000), Wallet.Ada(3, 9_000_000)] };
        var without = Wallet.Built(plan with { Outputs = [Paid(10_000_000 + 8_500_000)] }).Transaction;
        Assert.Single(without.Body.Outputs);
        var fee = Fees.MinFee(Parameters, without.Size, without.Witnesses.Redeemers.Single().Units, 0).Amount;
        var built = Wallet.Built(plan with { Outputs = [Paid(10_000_000 + 9_000_000 - fee - leftOver)] }).Transaction.Body;
        Assert.Equal(isFee ? 1 : 2, built.Outputs.Length);
        Assert.Equal(isFee, built.Fee.Amount == fee + leftOver);
    }

    [Fact]
    public void A_small_coin_stands_as_collateral_whole_and_a_large_one_only_with_a_return()
    {
        var plan = Spending with { Form = TransactionForm.Shortest };
        var small = Wallet.Built(plan with { Available = [Wallet.Ada(2, 100_000_000), Wallet.Ada(3, 10_000_000)] }).Transaction.Body;
        Assert.Equal([Wallet.Input(3)], small.Collateral);
        Assert.Null(small.CollateralReturn);
        var large = Wallet.Built(plan with { Available = [Wallet.Ada(2, 100_000_000), Wallet.Ada(3, 10_000_001)] }).Transaction.Body;
        Assert.NotNull(large.CollateralReturn);
        Assert.All((TransactionBody[])[small, large], b => Assert.Null(b.TotalCollateral));
    }

    [Fact]
    public void What_is_left_over_comes_back_where_the_wallet_could_not_stand_for_so_large_a_fee()
    {
        var plan = Spending with { Available = [Wallet.Ada(2, 1_258_000)] };
        var usual = Wallet.Built(plan).Transaction;
        var shortest = Wallet.Built(plan with { Form = TransactionForm.Shortest }).Transaction;
        Assert.Equal(usual.Body.Outputs.Length, shortest.Body.Outputs.Length);
        Assert.True(shortest.Size < usual.Size);
    }

    [Fact]
    public void Coins_without_tokens_come_first_the_smallest_that_is_enough()
    {
        var heavy = Wallet.Tokens(2, 500_000_000, (Wallet.Asset(1), 5), (Wallet.Asset(2), 5));
        var plan = Spending with { Form = TransactionForm.Shortest };
        Assert.Contains(Wallet.Input(4), Inputs([heavy, Wallet.Ada(3, 90_000_000), Wallet.Ada(4, 3_000_000), Wallet.Ada(5, 100_000)]));
        Assert.Contains(Wallet.Input(2), Inputs([heavy, Wallet.Ada(5, 100_000)]));

        IEnumerable<TxInput> Inputs(Utxo[] coins) => Wallet.Built(plan with { Available = [.. coins] }).Transaction.Body.Inputs;
    }

    [Fact]
    public void Data_is_the_same_data_in_its_shortest_bytes()
    {
        var few = PlutusData.C(0, PlutusData.I(1), PlutusData.L(PlutusData.B(new byte[65])), PlutusData.C(3));
        var many = PlutusData.L([.. Enumerable.Range(0, 24).Select(i => PlutusData.I(i))]);
        Assert.Equal(few.ToCbor().Length - 2, few.ToShortestCbor().Length);
        Assert.Equal(many.ToCbor(), many.ToShortestCbor());
        Assert.All((PlutusData[])[few, many], d => Assert.Equal(d, PlutusData.FromCbor(d.ToShortestCbor())));
        Assert.Equal(few, Datum.Shortest(few).Data);
    }

    private static TxOutput Paid(long lovelace) => new(Wallet.EscrowAddress, Value.Of(new Lovelace(lovelace)));
}
