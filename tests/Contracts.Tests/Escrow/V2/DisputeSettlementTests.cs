using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.V2;

namespace Masumi.Contracts.Tests.Escrow.V2;

public sealed class DisputeSettlementTests
{
    private static readonly TxInput Escrow = new(TransactionId.Parse(Vectors.Repeat("11", 32)), 0);
    private static readonly DisputeSettlement Empty = new(Escrow, Value.Zero, Value.Zero);
    private static readonly AssetId Usdm = AssetId.Parse("16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d");
    private static readonly DisputeSettlement Split = new(Escrow, Value.Of(Lovelace.FromAda(2), Usdm, 10_000_000), Value.Zero);

    private const string SplitValue = "a240a1401a001e8480581c16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722dddea1490014df10745553444d1a00989680";

    private static readonly AdminSignature Wallet = new(
        ByteString.FromHex("c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f95"),
        ByteString.FromHex(
            "a30127045820c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f9567616464726573735839005867c3b8e27840f556ac268b781578b14c5661fc63ee720dbeab663f9d4dcd7e454d2434164f4efb8edeb358d86a1dad9ec6224cfcbce3e6"
        ),
        ByteString.FromHex("1eadf611c719a35bdd30fb9e1712cd493d8a7982ffd1dbacb7f05eb778af4768a176fd59bb3fff52c66111e603f0f8b01bbcb6d49896d04f4c589c011d97ec02")
    );

    private static readonly AdminSignature Raw = new(
        ByteString.FromHex("e734ea6c2b6257de72355e472aa05a4c487e6b463c029ed306df2f01b5636b58"),
        ByteString.FromHex("a10127"),
        ByteString.FromHex("35d26314b3d2efd22e7e45d1a1a3baefd7d9988636dab010126663f0099ad296ef7c7a85feed18ba5626993aa6c4abcb47617041481941d7419671575a5eed09")
    );

    private static readonly AdminSignature Hashed = new(
        ByteString.FromHex("7d59c5623dd40a74aa4d5a32ac645d3b3f95daeae4c22be25476dd6a486f7382"),
        ByteString.FromHex("a10127"),
        ByteString.FromHex("d7bb6c902225a66f248c051b3c80857fa2983c8df69a53326ac289cd87672014576d5276cc3d30794284ed407ef5d17c54dd2146725cd62151e5b6b8ff307b0b")
    );

    private static readonly AdminSignature DoubleHashed = Hashed with
    {
        Signature = ByteString.FromHex(
            "9c70279d27fc400399479dd9d2a79d53db4747ec56752d9adb9ef0e17af93bf5abdcd8fd19c9f70dbfce7033763e30c4f0e672ea026442ff9f5acfef5e40d206"
        ),
    };

    [Fact]
    public void Payload_and_intent_match_the_vectors()
    {
        Assert.Equal($"d8799fd8799f5820{Escrow.TxId}00ffa0a0ff", Convert.ToHexStringLower(Empty.Payload()));
        Assert.Equal("1110e9c23bc5afc30b6bff514e9337b5203107a73bb5eb69a2107509", Empty.Intent().ToString());
        Assert.Equal("0da7c90f468baec4dcf23fdfba52604f2dc9e8580e3d33658716b4ea", Blake2b.Hash224(Empty.Intent().ToArray()).ToString());
        Assert.Equal($"d8799fd8799f5820{Escrow.TxId}00ff{SplitValue}a0ff", Convert.ToHexStringLower(Split.Payload()));
        Assert.Equal("1f856f440a03ddafcd96565a30eb8c071eabb0cebe7720137925b6fd", Split.Intent().ToString());
    }

    [Fact]
    public void The_redeemer_carries_both_values_and_the_signatures()
    {
        var dummy = new AdminSignature(
            ByteString.FromHex(Vectors.Repeat("22", 32)),
            ByteString.FromHex("a10127"),
            ByteString.FromHex(Vectors.Repeat("33", 64))
        );
        Assert.Equal(
            $"d87d9f{SplitValue}a09fd8799f5820{Vectors.Repeat("22", 32)}43a101275840{Vectors.Repeat("33", 64)}ffffff",
            Convert.ToHexStringLower(Split.Redeemer([dummy]).ToCbor())
        );
        Assert.Equal(Split.BuyerValue, DisputeSettlement.ReadAssetValue(((PlutusData.Constr)Split.Redeemer([])).Fields[0]));
    }

    [Fact]
    public void Plain_and_hashed_signatures_count_and_a_double_hashed_one_does_not()
    {
        Assert.True(Empty.IsSignedBy(Wallet));
        Assert.True(Empty.IsSignedBy(Raw));
        Assert.True(Empty.IsSignedBy(Hashed));
        Assert.False(Empty.IsSignedBy(DoubleHashed));
        Assert.False(Split.IsSignedBy(Wallet));
    }

    [Fact]
    public void An_admin_listed_twice_votes_twice_but_signing_twice_does_not()
    {
        var wallet = KeyHash.Parse("5867c3b8e27840f556ac268b781578b14c5661fc63ee720dbeab663f");
        var raw = KeyHash.Parse("e4ff642ed686b644c5cb39c230c24b0e8a5d850701971bdde3253cec");
        Assert.Equal(3, Empty.Votes([Wallet, Wallet, Raw, DoubleHashed], [wallet, raw, wallet]));
        Assert.Equal(1, Empty.Votes([Raw, Hashed], [wallet, raw]));
    }

    [Fact]
    public void Negative_values_are_never_encoded()
    {
        Assert.Throws<ArgumentException>(() => new DisputeSettlement(Escrow, -Split.BuyerValue, Value.Zero).Payload());
    }
}
