using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using Org.BouncyCastle.Crypto.Digests;
using static Masumi.Ledger.Tests.World;

namespace Masumi.Ledger.Tests;

/// <summary>Byron addresses are spent with bootstrap witnesses, and take no more attributes than that needs.</summary>
public sealed class ByronTests
{
    private const uint DerivationPath = 1;
    private const uint Unknown = 9;

    private static readonly byte[] ChainCode = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly World _world = new();

    [Fact]
    public void A_bootstrap_witness_stands_for_the_root_of_its_address()
    {
        var attributes = Attributes(DerivationPath, [1, 2, 3]);
        var world = _world with { State = LedgerState.Of([At(1, new TxOutput(AddressOf(attributes), Ada(100)))]) };
        var transaction = Transaction.Create(Payment, WitnessSet.Empty);

        Valid(world.Apply(Signed(Witness(transaction, ChainCode, attributes))));
        All(world.Apply(Signed(Witness(transaction, ChainCode, Attributes(DerivationPath, [1, 2, 4])))), "MissingVKeyWitnessesUTXOW");
        All(world.Apply(Signed(Witness(transaction, new byte[32], attributes))), "MissingVKeyWitnessesUTXOW");
        All(world.Apply(Sign(Payment)), "MissingVKeyWitnessesUTXOW");
        All(world.Apply(Signed(Witness(transaction, ChainCode, attributes) with { Signature = Alice.Payment.Sign(new byte[32]) })), "InvalidWitnessesUTXOW");

        static Transaction Signed(BootstrapWitness witness) => Transaction.Create(Payment, new WitnessSet { Bootstrap = [witness] });
    }

    [Fact]
    public void A_native_script_does_not_count_it()
    {
        var attributes = Attributes(DerivationPath, []);
        var world = _world with { State = LedgerState.Of([At(1, new TxOutput(AddressOf(attributes), Ada(100)))]) };
        var body = Payment with
        {
            Mint = Value.Of(Lovelace.Zero, Token, 1),
            Outputs = [new TxOutput(BobAddress, Value.Of(Lovelace.FromAda(40), Token, 1)), Payment.Outputs[1]],
        };
        var witnesses = new WitnessSet { Scripts = [AliceMustSign] };
        witnesses = witnesses with { Bootstrap = [Witness(Transaction.Create(body, witnesses), ChainCode, attributes)] };

        All(world.Apply(Transaction.Create(body, witnesses)), "ScriptWitnessNotValidatingUTXOW");
    }

    [Fact]
    public void OutputBootAddrAttrsTooBig_counts_the_path_and_what_is_unknown()
    {
        Valid(_world.Apply(PayTo(Attributes(DerivationPath, new byte[64]))));
        Only(_world.Apply(PayTo(Attributes(DerivationPath, new byte[65]))), "OutputBootAddrAttrsTooBig", "65 bytes", "64 bytes");
        Only(_world.Apply(PayTo(Attributes(Unknown, new byte[63]))), "OutputBootAddrAttrsTooBig", "65 bytes", "64 bytes");

        static TransactionBody PayTo(byte[] attributes) => Payment with { Outputs = [new TxOutput(AddressOf(attributes), Ada(40)), Payment.Outputs[1]] };
    }

    private static BootstrapWitness Witness(Transaction transaction, byte[] chainCode, byte[] attributes) =>
        new(Alice.Payment.PublicKey, Alice.Payment.Sign(transaction.Id.ToArray()), chainCode, attributes);

    // A test network's magic (attribute 2), and one attribute more, each a CBOR item in a byte string.
    private static byte[] Attributes(uint key, byte[] value)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        var inner = new CborWriter();
        inner.WriteByteString(value);
        writer.WriteStartMap(2);
        writer.WriteUInt32(key < 2 ? key : 2);
        writer.WriteByteString(key < 2 ? inner.Encode() : [0x01]);
        writer.WriteUInt32(key < 2 ? 2 : key);
        writer.WriteByteString(key < 2 ? [0x01] : inner.Encode());
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static Address AddressOf(byte[] attributes)
    {
        var root = new CborWriter();
        root.WriteStartArray(3);
        root.WriteInt32(0);
        root.WriteStartArray(2);
        root.WriteInt32(0);
        root.WriteByteString([.. Alice.Payment.PublicKey.Span, .. ChainCode]);
        root.WriteEndArray();
        root.WriteEncodedValue(attributes);
        root.WriteEndArray();
        var sha3 = new Sha3Digest(256);
        sha3.BlockUpdate(root.Encode(), 0, root.BytesWritten);
        var digest = new byte[32];
        sha3.DoFinal(digest, 0);

        var content = new CborWriter();
        content.WriteStartArray(3);
        content.WriteByteString(Blake2b.Hash224(digest).ToArray());
        content.WriteEncodedValue(attributes);
        content.WriteInt32(0);
        content.WriteEndArray();

        var address = new CborWriter();
        address.WriteStartArray(2);
        address.WriteTag((CborTag)24);
        address.WriteByteString(content.Encode());
        address.WriteUInt32(Crc32(content.Encode()));
        address.WriteEndArray();
        return Address.FromBytes(address.Encode());
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xedb88320;
            }
        }

        return ~crc;
    }
}
