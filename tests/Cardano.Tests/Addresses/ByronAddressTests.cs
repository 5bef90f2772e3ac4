using Masumi.Cardano.Addresses;

namespace Masumi.Cardano.Tests.Addresses;

/// <summary>Byron addresses are accepted exactly as the ledger's Byron decoder accepts them.</summary>
public sealed class ByronAddressTests
{
    private const string Root = "581c" + "11111111111111111111111111111111111111111111111111111111";

    [Theory]
    [InlineData("Ae2tdPwUPEZFRbyhz3cpfC2CumGzNkFBN2L42rcUc2yjQpEkxDbkPodpMAi", NetworkId.Mainnet)]
    [InlineData("37btjrVyb4KEB2STADSsj3MYSAdj52X5FrFWpw2r7Wmj2GDzXjFRsHWuZqrw7zSkwopv8Ci3VWeg6bisU9dgJxW5hb2MZYeduNKbQJrqz3zVBsu9nT", NetworkId.Testnet)]
    public void Published_addresses_are_read_and_written_back(string text, NetworkId network)
    {
        var address = Address.Parse(text);
        Assert.True(address.IsByron);
        Assert.Equal(network, address.Network);
        Assert.Null(address.Payment);
        Assert.Equal(text, address.ToString());
        Assert.Equal(address, Address.FromBytes(address.Bytes.Span));
    }

    [Theory]
    [InlineData("83" + Root + "a000", NetworkId.Mainnet)]
    [InlineData("83" + Root + "a002", NetworkId.Mainnet)]
    [InlineData("9803" + Root + "b80000", NetworkId.Mainnet)]
    [InlineData("83" + Root + "a102451a4170cb1700", NetworkId.Testnet)]
    [InlineData("83" + Root + "a20142410002410100", NetworkId.Testnet)]
    [InlineData("83" + Root + "a1184041ff00", NetworkId.Mainnet)]
    public void What_the_ledger_decodes_is_accepted(string content, NetworkId network)
    {
        var address = Address.FromBytes(Wrap(content));
        Assert.Equal(network, address.Network);
        Assert.Equal(address, Address.Parse(address.ToString()));
    }

    [Theory]
    [InlineData("83" + Root + "a001")]
    [InlineData("83" + Root + "a01800")]
    [InlineData("83" + Root + "a000" + "00")]
    [InlineData("9f" + Root + "a000ff")]
    [InlineData("82" + Root + "a0")]
    [InlineData("83581b" + "111111111111111111111111111111111111111111111111111111" + "a000")]
    [InlineData("83" + Root + "bfff00")]
    [InlineData("83" + Root + "a20241010142410000")]
    [InlineData("83" + Root + "a20141400141" + "4000")]
    [InlineData("83" + Root + "a2024101024101" + "00")]
    [InlineData("83" + Root + "a1024218" + "0100")]
    [InlineData("83" + Root + "a102" + "491b0000000100000000" + "00")]
    [InlineData("83" + Root + "a10143580100" + "00")]
    [InlineData("83" + Root + "a1014341010000")]
    [InlineData("83" + Root + "a119010041" + "0000")]
    public void What_the_ledger_does_not_decode_is_refused(string content) => Refused(Wrap(content));

    [Theory]
    [InlineData("9802")]
    [InlineData("990002")]
    [InlineData("9f")]
    [InlineData("83")]
    [InlineData("80")]
    public void The_first_byte_must_be_that_of_a_list_of_two(string head)
    {
        var bytes = Wrap("83" + Root + "a000");
        Refused([.. Convert.FromHexString(head), .. bytes.AsSpan(1)]);
        Refused([.. Convert.FromHexString(head), .. bytes.AsSpan(1), 0xff]);
    }

    [Fact]
    public void A_wrong_checksum_or_bytes_too_many_or_too_few_are_refused()
    {
        var bytes = Wrap("83" + Root + "a000");
        for (var length = 0; length < bytes.Length; length++)
        {
            Refused(bytes[..length]);
        }

        Refused([.. bytes, 0]);
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 1;
            Refused(changed);
        }
    }

    private static void Refused(byte[] bytes) => Assert.Throws<FormatException>(() => Address.FromBytes(bytes));

    private static byte[] Wrap(string contentHex)
    {
        var content = Convert.FromHexString(contentHex);
        var checksum = Crc32(content);
        byte[] crc = [(byte)(checksum >> 24), (byte)(checksum >> 16), (byte)(checksum >> 8), (byte)checksum];
        return [0x82, 0xd8, 0x18, 0x58, (byte)content.Length, .. content, 0x1a, .. crc];
    }

    private static uint Crc32(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var bit in data.SelectMany(b => Enumerable.Range(0, 8).Select(i => (uint)(b >> i) & 1)))
        {
            crc = (crc >> 1) ^ (((crc ^ bit) & 1) != 0 ? 0xedb88320 : 0);
        }

        return ~crc;
    }
}
