using System.Buffers.Binary;
using System.Numerics;

namespace Masumi.Cardano.Scripts;

public abstract partial class PlutusData
{
    private sealed class Writer
    {
        private readonly System.Buffers.ArrayBufferWriter<byte> _buffer = new(256);

        public void Byte(byte value)
        {
            _buffer.GetSpan(1)[0] = value;
            _buffer.Advance(1);
        }

        public void Head(int major, ulong argument)
        {
            var span = _buffer.GetSpan(9);
            var top = (byte)(major << 5);
            switch (argument)
            {
                case < 24:
                    span[0] = (byte)(top | (byte)argument);
                    _buffer.Advance(1);
                    break;
                case <= byte.MaxValue:
                    span[0] = (byte)(top | 24);
                    span[1] = (byte)argument;
                    _buffer.Advance(2);
                    break;
                case <= ushort.MaxValue:
                    span[0] = (byte)(top | 25);
                    BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)argument);
                    _buffer.Advance(3);
                    break;
                case <= uint.MaxValue:
                    span[0] = (byte)(top | 26);
                    BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)argument);
                    _buffer.Advance(5);
                    break;
                default:
                    span[0] = (byte)(top | 27);
                    BinaryPrimitives.WriteUInt64BigEndian(span[1..], argument);
                    _buffer.Advance(9);
                    break;
            }
        }

        public void ConstrHead(ulong tag)
        {
            switch (tag)
            {
                case < 7:
                    Head(6, 121 + tag);
                    break;
                case < 128:
                    Head(6, 1280 + (tag - 7));
                    break;
                default:
                    Head(6, 102);
                    Head(4, 2);
                    Head(0, tag);
                    break;
            }
        }

        public void ByteString(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length <= ChunkSize)
            {
                Head(2, (ulong)bytes.Length);
                Raw(bytes);
                return;
            }

            Byte(0x5f);
            while (!bytes.IsEmpty)
            {
                var chunk = bytes[..Math.Min(ChunkSize, bytes.Length)];
                Head(2, (ulong)chunk.Length);
                Raw(chunk);
                bytes = bytes[chunk.Length..];
            }

            Byte(0xff);
        }

        public void BigInteger(BigInteger value)
        {
            var negative = value.Sign < 0;
            var magnitude = negative ? -1 - value : value;
            if (magnitude <= ulong.MaxValue)
            {
                Head(negative ? 1 : 0, (ulong)magnitude);
                return;
            }

            Head(6, negative ? 3u : 2u);
            ByteString(magnitude.ToByteArray(isUnsigned: true, isBigEndian: true));
        }

        public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

        private void Raw(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_buffer.GetSpan(bytes.Length));
            _buffer.Advance(bytes.Length);
        }
    }
}
