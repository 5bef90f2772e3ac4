using System.Runtime.CompilerServices;
using System.Text.Json;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Client;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;

// Prints what the libraries answer in a program without a just-in-time compiler: NODE KEY MNEMONIC as arguments, one answer a line.
var (node, key, mnemonic) = (new Uri(args[0]), args[1], args[2]);
Console.WriteLine($"compiled ahead of time: {!RuntimeFeature.IsDynamicCodeSupported}");
Console.WriteLine($"address: {WalletKeys.FromMnemonic(mnemonic).BaseAddress(NetworkId.Testnet)}");
Console.WriteLine($"hash: {Blake2b.Hash256("masumi"u8)}");
using var input = JsonDocument.Parse("""{"text":"hello"}""");
Console.WriteLine($"input: {Mip004.InputHash(BuyerNonce.Parse("0123456789abcdef"), input.RootElement)}");
using var http = new HttpClient();
var client = new PaymentServiceClient(http, node, key, Network.Preprod, TimeProvider.System);
var status = await client.GetApiKeyStatusAsync(CancellationToken.None);
Console.WriteLine($"key: {status.Token} may pay: {status.CanPay}");
try
{
    await client.RequestRefundAsync(BlockchainIdentifier.Parse("abcd"), CancellationToken.None);
}
catch (MasumiApiException e)
{
    Console.WriteLine($"refusal: {(int)e.Status} {e.Message}");
}
