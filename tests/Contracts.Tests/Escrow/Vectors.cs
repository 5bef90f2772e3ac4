using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Tests.Escrow;

/// <summary>Two synthetic parties and the identifiers and datums made from them.</summary>
internal static class Vectors
{
    public const string AbandonAddress = "addr_test1qq0e6dy7cehm9zfqurcf8mwwg9te9nszsx5gy5q4eclpd0czhmdlpagxe5n8ppnrf6424tt8gwweumrtg2q7234x2p2qzjenfx";

    public const string AbandonEnterprise = "addr_test1vq0e6dy7cehm9zfqurcf8mwwg9te9nszsx5gy5q4eclpd0c75xvdu";

    public const string SellerAddress = "addr_test1qpvx0sacufuypa2k4sngk7q40zc5c4npl337uusdh64kv0uafhxhu32dys6pvn6wlw8dav6cmp4pmtv7cc3yel9uu0nq93swx9";

    public const string V1Escrow = "addr_test1wz7j4kmg2cs7yf92uat3ed4a3u97kr7axxr4avaz0lhwdsqukgwfm";

    public const string V2Escrow = "addr_test1wzs4e6wc95hkwezlccjw9mdvq0r0rsgx6zk34avptga3ftgn37w4g";

    public const string SellerNonce = "c72a31523b9e32682d2855e9f016267ba5306073f17f5e24a9cddc9b93f238a0";

    public static readonly SellerNonce Nonce = Protocol.SellerNonce.Parse(SellerNonce);

    public const string Purchaser = "0123456789abcdef0123";

    public const string InputHash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    public const string DummyResult = "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35";

    public static readonly string V1Agent = "7e8bdaf2b2b919a3a4b94002cafb50086c0c845fe535d07a77ab7f77" + Repeat("02", 32);

    public static readonly string V2Agent = "67ab0c92c4ac1610895a1c965ee50aba41a8f1513b15240723b3bd0b" + Repeat("01", 32);

    public const string SellerMnemonicWord = "solution";

    public static readonly KeyHash SellerKeyHash = KeyHash.Parse("5867c3b8e27840f556ac268b781578b14c5661fc63ee720dbeab663f");

    public const string CoseKey = "a4010103272006215820c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f95";

    public const string V1Hash = "1ffa821a9100e29164dbfadfc20cb0bc2a23cb357a0b4346092ba5e403e201a5";

    public const string V2Hash = "145ad679b1576c5d2bd2609567803a761ca68bd443111678432d270621fc9346";

    private const string SignaturePrefix =
        "845869a30127045820c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f9567616464726573735839005867c3b8e27840f556ac268b781578b14c5661fc63ee720dbeab663f9d4dcd7e454d2434164f4efb8edeb358d86a1dad9ec6224cfcbce3e6a166686173686564f45820";

    public const string V1Signature =
        SignaturePrefix
        + V1Hash
        + "5840106a0a5e5311478f851c9d6482ef1aea05bab2deede772b0430325f28e6550134e8371ee915d78eb89b716eb370d4956dbcbc401cf5565d31c11830001a32f0c";

    public const string V2Signature =
        SignaturePrefix
        + V2Hash
        + "5840638659c48a1562175304495e1882deabfd03eab3d53928ed10f6cf55c009c80174c0c58bc7ad8786fe371ca4c5c8356ed20eff6897ea0def30fe62bcbf20ec06";

    public const string V1Identifier =
        "3187604c0860cc08c0ac62808c09c05329806c00e3004cc1ce38d14033001862db10908e292ad290a72611cd2c005820a60f9f3014a83a21c10d9a1c49f04726090a9430534087d51f4a94c302548e3e9c598256038f9c726899c7c6c208101093737067d85ffefd020382834243c34200e9a9116cb04071349184d0a86111226ce1cd3599d241296cf0ad31f1c9f090f8b06045a8b0e5cbf1c4b1f0f9f95c40f8a1d03c71c87180b0f804710a91a9902d5221f8e0f9c850e1e3aa8687c0b0e1d9d9b3bbf5b3e3819070d0c012f478962181b1e413e0129060f98097abc906a0d0d1c1282ad03cb0580e0a15aa27c080d0b63e210ba7c1a3ccf8a92431df06824141b2f8730406a10269a106607e301dec90c1a0b038c06e1aaec1a52c11d93f0c1c8e4081e06082183e84eea21854d9656b959c6c94822180e8cd8c92a502aa50502a46243289f66631b27a6e65328caa60c09e097e9c060627c10cf0a94e7fd2870062a95168545b8548566260ec440a49026889c14040302fba89c09346253c34344077e7c458b592c92d492481b7c2c18006ff7e9a8d03015180916d3504b981f8b0c0f062a1c08e54ab556a51be8899aad769b8ba3d647f506c37658c2648299b366f345900";

    public const string V2Identifier =
        "3187604c0860cc08c0ac62808c09c05329806c00e3004cc1ce38d14033001862db10908e292ad290a72611cd2c005820a60f9f3014a83a21c105880849298b0c00701a3128e147020c315949a3895e443e3020e4e7063278fcda224c9f25051a3f52f9e7f7bfbe03fc83026000e9a910f8e0b040b5e584d0a861114270a270b051a0224129d2c11531f1c9f090f8b06045a8b0d0ac45c4b1f0f9f8204040f8a1d1e4ac7180b0f80470f3dd90b1811221f8e0f9c9b4622bfbfbc00dd9d8e0713b2929d663819070d0c162f92879a22181b0709163e1629060f981a22bc8faa0d0d1c1294ad1e4b0b01c1413544f8101a0a27c42075ccfd721f1124803be0d0ce75be032ba7c041f0e83e981f8c037921c61f2c2e801b80abb0a9d119be5a8511c4c5c477319c10848422b0e6b14a1415a1560041705c81ac06034639148e2c300c0de2828395d62740464e0423e349e0b42e130f27c6d1a060383c0a3e4257e5fd9cf8260a088687c069c86333b00b642219709e8a75892e418d8961c818101e8cccf6006da24e82a255d5a704c851e4662876824a4391e31eac284cc7e4c37ce5f03c214082532854aa345a895714846b34046d0e97491e45ebf506c36a28dc6e449a43667002c88004e007d000b9a000ce3398001dc005ef3845619762380002c00d6cbb42ae0036c060000ad9728002dbe0006e00474a04e5ff380398003cb0abfdf2a20f78000e33bbed0390204007650080cb9f0ef900000";

    public const string V1Json =
        """{"RequestedFunds":null,"agentIdentifier":"7e8bdaf2b2b919a3a4b94002cafb50086c0c845fe535d07a77ab7f770202020202020202020202020202020202020202020202020202020202020202","externalDisputeUnlockTime":"1767272400000","inputHash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","payByTime":"1767225600000","purchaserIdentifier":"0123456789abcdef0123","sellerAddress":"addr_test1qpvx0sacufuypa2k4sngk7q40zc5c4npl337uusdh64kv0uafhxhu32dys6pvn6wlw8dav6cmp4pmtv7cc3yel9uu0nq93swx9","sellerIdentifier":"c72a31523b9e32682d2855e9f016267ba5306073f17f5e24a9cddc9b93f238a07e8bdaf2b2b919a3a4b94002cafb50086c0c845fe535d07a77ab7f770202020202020202020202020202020202020202020202020202020202020202","submitResultTime":"1767229200000","unlockTime":"1767250800000"}""";

    public const string V2Json =
        """{"RequestedFunds":null,"agentIdentifier":"67ab0c92c4ac1610895a1c965ee50aba41a8f1513b15240723b3bd0b0101010101010101010101010101010101010101010101010101010101010101","externalDisputeUnlockTime":"1767272400000","inputHash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","payByTime":"1767225600000","purchaserIdentifier":"0123456789abcdef0123","sellerAddress":"addr_test1qpvx0sacufuypa2k4sngk7q40zc5c4npl337uusdh64kv0uafhxhu32dys6pvn6wlw8dav6cmp4pmtv7cc3yel9uu0nq93swx9","sellerIdentifier":"c72a31523b9e32682d2855e9f016267ba5306073f17f5e24a9cddc9b93f238a067ab0c92c4ac1610895a1c965ee50aba41a8f1513b15240723b3bd0b0101010101010101010101010101010101010101010101010101010101010101","sellerReturnAddress":null,"smartContractAddress":"addr_test1wzs4e6wc95hkwezlccjw9mdvq0r0rsgx6zk34avptga3ftgn37w4g","submitResultTime":"1767229200000","supportedPaymentSourceIndex":0,"unlockTime":"1767250800000"}""";

    public static readonly Deadlines Deadlines = new(At(1_767_225_600_000), At(1_767_229_200_000), At(1_767_250_800_000), At(1_767_272_400_000));

    private const string BaseData =
        "d8799fd8799f581c1f9d349ec66fb28920e0f093edce415792ce0281a8825015ce3e16bfffd8799fd8799fd8799f581c02bedbf0f506cd267086634eaaaaad67439d9e6c6b4281e546a65054ffffffff";

    private const string EnterpriseData = "d8799fd8799f581c1f9d349ec66fb28920e0f093edce415792ce0281a8825015ce3e16bfffd87a80ff";

    private const string TimesData = "1b0000019b76daa8001b0000019b771196801b0000019b785b2d801b0000019b79a4c480";

    public static string BaseAddressData => BaseData;

    public static string EnterpriseAddressData => EnterpriseData;

    public static readonly string SyntheticV2 =
        "d8799f"
        + BaseData
        + "d87a80"
        + EnterpriseData
        + "d8799f"
        + BaseData
        + "ff582a"
        + Repeat("aa", 42)
        + "5f5840"
        + Repeat("bb", 64)
        + "46bbbbbbbbbbbbff5820"
        + Repeat("cc", 32)
        + "4a0123456789abcdef0123583c"
        + Repeat("ee", 60)
        + "1a0015e65e5820"
        + Repeat("11", 32)
        + "40"
        + TimesData
        + "0000d87980ff";

    public static readonly string SyntheticV1 =
        "d8799f"
        + BaseData
        + EnterpriseData
        + "582a"
        + Repeat("aa", 42)
        + "5f5840"
        + Repeat("bb", 64)
        + "46bbbbbbbbbbbbff5f5840"
        + Repeat("cc", 32)
        + Repeat("ee", 32)
        + "581c"
        + Repeat("ee", 28)
        + "ff4a0123456789abcdef01231a0015e65e5820"
        + Repeat("11", 32)
        + "40"
        + TimesData
        + "0000d87980ff";

    public const string RealisticV2 =
        "d8799fd8799fd8799f581c1f9d349ec66fb28920e0f093edce415792ce0281a8825015ce3e16bfffd8799fd8799fd8799f581c02bedbf0f506cd267086634eaaaaad67439d9e6c6b4281e546a65054ffffffffd87a80d8799fd8799f581c5867c3b8e27840f556ac268b781578b14c5661fc63ee720dbeab663fffd8799fd8799fd8799f581c9d4dcd7e454d2434164f4efb8edeb358d86a1dad9ec6224cfcbce3e6ffffffffd87a80582aa4010103272006215820c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f955f5840845869a30127045820c32dfdb461dd016e8fdd9b6d424a77439eab8f8c644a804b013b6cefa2454f9567616464726573735839005867c3b8e27840f556ac268b5840781578b14c5661fc63ee720dbeab663f9d4dcd7e454d2434164f4efb8edeb358d86a1dad9ec6224cfcbce3e6a166686173686564f45820145ad679b1576c5d2b5840d2609567803a761ca68bd443111678432d270621fc93465840638659c48a1562175304495e1882deabfd03eab3d53928ed10f6cf55c009c80174c0c58bc7ad87581986fe371ca4c5c8356ed20eff6897ea0def30fe62bcbf20ec06ff5820c72a31523b9e32682d2855e9f016267ba5306073f17f5e24a9cddc9b93f238a04a0123456789abcdef0123583c67ab0c92c4ac1610895a1c965ee50aba41a8f1513b15240723b3bd0b01010101010101010101010101010101010101010101010101010101010101010058209f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08401b0000019b76daa8001b0000019b771196801b0000019b785b2d801b0000019b79a4c4800000d87980ff";

    public static Address Buyer => Address.Parse(AbandonAddress);

    public static Address Seller => Address.Parse(SellerAddress);

    public static WalletKeys SellerKeys => WalletKeys.FromMnemonic(string.Join(' ', Enumerable.Repeat(SellerMnemonicWord, 24)));

    public static EscrowOffer Offer(EscrowFamily family) =>
        new()
        {
            Family = family,
            AgentIdentifier = AgentIdentifier.Parse(family == EscrowFamily.V2 ? V2Agent : V1Agent),
            BuyerNonce = BuyerNonce.Parse(Purchaser),
            InputHash = InputHash,
            Deadlines = Deadlines,
            Seller = Seller,
            Escrow = family == EscrowFamily.V2 ? Address.Parse(V2Escrow) : null,
            SupportedPaymentSourceIndex = family == EscrowFamily.V2 ? 0 : null,
        };

    public static IdentifierParts Identifier(EscrowFamily family) =>
        family == EscrowFamily.V2
            ? new IdentifierParts(SellerNonce + V2Agent, Purchaser, V2Signature, CoseKey, V2Escrow)
            : new IdentifierParts(SellerNonce + V1Agent, Purchaser, V1Signature, CoseKey, null);

    public static EscrowTerms Terms(EscrowFamily family, Value price) =>
        new()
        {
            Identifier = Identifier(family),
            Deadlines = Deadlines,
            InputHash = Protocol.InputHash.Parse(InputHash),
            Price = price,
            Seller = Seller,
        };

    public static EscrowDatum Synthetic(EscrowFamily family) =>
        new()
        {
            Family = family,
            Buyer = Buyer,
            Seller = Address.Parse(AbandonEnterprise),
            SellerReturn = family == EscrowFamily.V2 ? Buyer : null,
            ReferenceKey = ByteString.FromHex(Repeat("aa", 42)),
            ReferenceSignature = ByteString.FromHex(Repeat("bb", 70)),
            SellerNonce = ByteString.FromHex(Repeat("cc", 32) + (family == EscrowFamily.V1 ? Repeat("ee", 60) : "")),
            BuyerNonce = ByteString.FromHex(Purchaser),
            AgentIdentifier = family == EscrowFamily.V2 ? ByteString.FromHex(Repeat("ee", 60)) : ByteString.Empty,
            CollateralReturn = new Lovelace(1_435_230),
            InputHash = ByteString.FromHex(Repeat("11", 32)),
            Deadlines = Deadlines,
        };

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
