using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;

namespace Masumi.Payments.Signatures;

/// <summary>Messages that wallets sign for one another (CIP-8): a text's UTF-8, whole or as a hash.</summary>
internal static class SignedJson
{
    /// <summary>Whether a wallet signed a text, with the key that its address is of. Nothing that comes from outside makes this throw.</summary>
    public static bool Holds(string signature, string key, Address wallet, string text)
    {
        if (!ByteString.TryFromHex(signature, out var signed) || !ByteString.TryFromHex(key, out var coseKey))
        {
            return false;
        }

        try
        {
            var publicKey = CoseSign1.PublicKeyOf(coseKey.Memory);
            var cose = CoseSign1.FromCbor(signed.Memory);
            return wallet.Payment?.AsKey == new KeyHash(Blake2b.Hash224(publicKey))
                && cose.Payload is { } payload
                && payload.Span.SequenceEqual(Encoding.UTF8.GetBytes(text))
                && cose.Verify(publicKey);
        }
        catch (CborFormatException)
        {
            return false;
        }
    }
}
