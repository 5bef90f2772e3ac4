using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Masumi.Storage.Secrets;

namespace Masumi.Storage.Tests;

public sealed class SecretTests
{
    private const string Secret = "a long enough operator secret";
    private static readonly Argon2Cost Cheap = new(1, 8);

    [Fact]
    public void What_is_sealed_opens_again_even_in_another_process()
    {
        using var box = new SecretBox(Secret, RandomNumberGenerator.Create(), Cheap);
        var sealedText = box.SealText("abandon abandon art", "wallet:1");
        using var later = new SecretBox(Secret, RandomNumberGenerator.Create(), new Argon2Cost(2, 16));
        Assert.Equal("abandon abandon art", later.OpenText(sealedText, "wallet:1"));
    }

    [Fact]
    public void The_default_cost_is_libsodiums_interactive_one()
    {
        using var box = new SecretBox(Secret, RandomNumberGenerator.Create());
        var sealedText = box.SealText("x", "p");
        Assert.StartsWith("masumi1.argon2id.2.65536.", sealedText, StringComparison.Ordinal);
        Assert.Equal("x", box.OpenText(sealedText, "p"));
    }

    [Fact]
    public void The_same_text_never_seals_twice_the_same_and_does_not_show()
    {
        using var box = new SecretBox(Secret, RandomNumberGenerator.Create(), Cheap);
        var sealedText = box.SealText("abandon", "wallet:1");
        Assert.NotEqual(sealedText, box.SealText("abandon", "wallet:1"));
        Assert.DoesNotContain("abandon", sealedText, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_secret_or_purpose_does_not_open_it()
    {
        using var box = new SecretBox(Secret, RandomNumberGenerator.Create(), Cheap);
        using var other = new SecretBox(Secret + "!", RandomNumberGenerator.Create(), Cheap);
        var sealedText = box.SealText("abandon", "wallet:1");
        Assert.Throws<CryptographicException>(() => other.Open(sealedText, "wallet:1"));
        Assert.Throws<CryptographicException>(() => box.Open(sealedText, "wallet:2"));
    }

    [Fact]
    public void A_change_anywhere_is_noticed()
    {
        using var box = new SecretBox(Secret, RandomNumberGenerator.Create(), Cheap);
        var sealedText = box.SealText("abandon", "wallet:1");
        for (var i = 0; i < sealedText.Length; i++)
        {
            var altered = sealedText[..i] + (sealedText[i] == 'A' ? 'B' : 'A') + sealedText[(i + 1)..];
            Assert.Throws<CryptographicException>(() => box.Open(altered, "wallet:1"));
        }
    }

    [Theory]
    [InlineData("masumi1.argon2id.2.99999999.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("masumi1.argon2id.999.8.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("masumi2.argon2id.1.8.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("")]
    public void Parameters_out_of_range_are_refused_before_any_work(string sealedText)
    {
        using var box = new SecretBox(Secret, RandomNumberGenerator.Create(), Cheap);
        Assert.Throws<CryptographicException>(() => box.Open(sealedText, "wallet:1"));
    }

    [Fact]
    public void A_short_operator_secret_is_refused() =>
        Assert.Throws<ArgumentException>(() => new SecretBox("nineteen characters", RandomNumberGenerator.Create()));

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 1024)]
    [InlineData(3, 4096)]
    public void A_derived_key_verifies_as_a_standard_argon2id_hash_of_the_same_parameters(int passes, int memoryKiB)
    {
        Assert.True(Verifies(passes, memoryKiB, new Argon2Cost(passes, memoryKiB)));
        Assert.False(Verifies(passes + 1, memoryKiB, new Argon2Cost(passes, memoryKiB)));
    }

    [Fact]
    public void An_api_key_hash_is_an_hmac_and_depends_on_the_key()
    {
        // RFC 4231 test case 1 has a 20-byte key; padding an HMAC key with zeros does not change it.
        var key = Enumerable.Repeat((byte)0x0b, 20).Concat(new byte[12]).ToArray();
        Assert.Equal("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", new ApiKeyHash(key).Of("Hi There"));
        key[31] = 1;
        Assert.NotEqual("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", new ApiKeyHash(key).Of("Hi There"));
    }

    private static bool Verifies(int statedPasses, int statedMemoryKiB, Argon2Cost cost)
    {
        var salt = "somesaltsomesalt"u8;
        var key = Argon2id.Derive("password"u8, salt, cost, 32);
        var standard = $"$argon2id$v=19$m={statedMemoryKiB},t={statedPasses},p=1${Unpadded(salt)}${Unpadded(key)}";
        var text = new byte[128];
        Encoding.ASCII.GetBytes(standard, text);
        return crypto_pwhash_str_verify(text, "password"u8.ToArray(), 8) == 0;
    }

    private static string Unpadded(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    [DllImport("libsodium")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern int crypto_pwhash_str_verify(byte[] text, byte[] password, ulong passwordLength);
}

public sealed class MigrationModuleTests
{
    [Fact]
    public void Numbers_must_have_no_gap() =>
        Assert.Throws<ArgumentException>(() => new MigrationModule("m", [new Migration(1, "a", ""), new Migration(3, "b", "")]));

    [Fact]
    public void The_checksum_ignores_line_endings_and_nothing_else()
    {
        Assert.Equal(new Migration(1, "a", "x\ny").Checksum, new Migration(1, "a", "x\r\ny").Checksum);
        Assert.NotEqual(new Migration(1, "a", "x\ny").Checksum, new Migration(1, "a", "x y").Checksum);
    }

    [Fact]
    public void A_folder_without_migrations_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => MigrationModule.FromAssembly("m", Assembly.GetExecutingAssembly(), "Nowhere"));
}
