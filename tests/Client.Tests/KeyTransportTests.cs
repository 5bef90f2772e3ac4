using Masumi.Protocol;

namespace Masumi.Client.Tests;

/// <summary>Where clients send their key: over http only where nobody on the way reads it.</summary>
public sealed class KeyTransportTests
{
    [Theory]
    [InlineData("https://example.com/api/v1")]
    [InlineData("https://8.8.8.8/api/v1")]
    [InlineData("http://127.0.0.1:3001/api/v1")]
    [InlineData("http://127.9.9.9/api/v1")]
    [InlineData("http://[::1]:3001/api/v1")]
    [InlineData("http://localhost:3001/api/v1")]
    [InlineData("http://LOCALHOST./api/v1")]
    [InlineData("http://node.localhost/api/v1")]
    [InlineData("http://10.0.0.7/api/v1")]
    [InlineData("http://172.16.0.1/api/v1")]
    [InlineData("http://172.31.255.255/api/v1")]
    [InlineData("http://192.168.1.1/api/v1")]
    [InlineData("http://169.254.1.1/api/v1")]
    [InlineData("http://[fd12:3456::1]/api/v1")]
    [InlineData("http://[fe80::1]/api/v1")]
    [InlineData("http://[::ffff:10.0.0.1]/api/v1")]
    [InlineData("http://payment-service:3001/api/v1")]
    public void A_key_may_be_sent(string address) => Connect(new Uri(address));

    [Theory]
    [InlineData("http://example.com/api/v1")]
    [InlineData("http://8.8.8.8/api/v1")]
    [InlineData("http://172.15.0.1/api/v1")]
    [InlineData("http://172.32.0.1/api/v1")]
    [InlineData("http://11.0.0.1/api/v1")]
    [InlineData("http://192.169.0.1/api/v1")]
    [InlineData("http://100.64.0.1/api/v1")]
    [InlineData("http://0.0.0.0/api/v1")]
    [InlineData("http://[2001:db8::1]/api/v1")]
    [InlineData("http://[::ffff:8.8.8.8]/api/v1")]
    [InlineData("http://[fec0::1]/api/v1")]
    [InlineData("http://localhost.example.com/api/v1")]
    [InlineData("http://notlocalhost/api/v1")]
    [InlineData("http://10.0.0.1.example.com/api/v1")]
    [InlineData("http://localhost@example.com/api/v1")]
    [InlineData("http://payment-service.example.com/api/v1")]
    [InlineData("ftp://127.0.0.1/api/v1")]
    [InlineData("file:///etc/passwd")]
    public void A_key_is_not_sent_in_clear_text(string address)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Connect(new Uri(address))).Message;
        Assert.DoesNotContain('\n', refusal);
        Assert.DoesNotContain("top-secret", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_no_key_may_be_anywhere() => _ = new AgentClient(new HttpClient(), new Uri("http://example.com"), TimeProvider.System);

    private static void Connect(Uri address)
    {
        _ = new PaymentServiceClient(new HttpClient(), address, "top-secret", Network.Preprod, TimeProvider.System, ["payment-service"]);
        _ = new RegistryServiceClient(new HttpClient(), address, "top-secret", TimeProvider.System, ["payment-service"]);
    }
}
