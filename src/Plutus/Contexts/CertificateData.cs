using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Plutus.Contexts;

/// <summary>A certificate as scripts see it (spec cardano.md 7.3), and the script that must agree to it.</summary>
internal sealed class CertificateData
{
    // The protocol version from which the deposits of registrations are told (before, the field was left empty by mistake).
    private const int DepositsTold = 10;

    private readonly int _kind;
    private readonly Credential? _credential;
    private readonly PlutusData _v3;
    private readonly PlutusData? _v2;

    public CertificateData(Certificate certificate, int protocolMajor)
    {
        _kind = certificate.Kind;
        var reader = new CborReader(certificate.Cbor, CborConformanceMode.Lax);
        reader.ReadStartArray();
        reader.ReadInt32();
        if (_kind is 3 or 4)
        {
            var pool = Bytes(reader);
            var second = _kind == 3 ? Bytes(reader) : PlutusData.I(reader.ReadUInt64());
            _v3 = PlutusData.C(_kind == 3 ? 7u : 8u, pool, second);
            _v2 = PlutusData.C(_kind == 3 ? 3u : 4u, pool, second);
            return;
        }

        var credential = ReadCredential(reader);
        _credential = credential;
        var of = ContextData.Of(credential);
        var staking = PlutusData.C(0, of);
        (_v3, _v2) = _kind switch
        {
            0 => (PlutusData.C(0, of, ContextData.Nothing), PlutusData.C(0, staking)),
            1 => (PlutusData.C(1, of, ContextData.Nothing), PlutusData.C(1, staking)),
            2 => Delegation(of, staking, Bytes(reader)),
            7 => (PlutusData.C(0, of, Deposit(reader, protocolMajor)), PlutusData.C(0, staking)),
            8 => (PlutusData.C(1, of, Deposit(reader, protocolMajor)), PlutusData.C(1, staking)),
            9 => (PlutusData.C(2, of, Vote(reader)), null),
            10 => (PlutusData.C(2, of, StakeAndVote(reader)), null),
            11 => (PlutusData.C(3, of, PlutusData.C(0, Bytes(reader)), Coin(reader)), null),
            12 => (PlutusData.C(3, of, Vote(reader), Coin(reader)), null),
            13 => (PlutusData.C(3, of, StakeAndVote(reader), Coin(reader)), null),
            14 => (PlutusData.C(9, of, ContextData.Of(ReadCredential(reader))), null),
            15 => (PlutusData.C(10, of), null),
            16 => (PlutusData.C(4, of, Coin(reader)), null),
            17 => (PlutusData.C(6, of, Coin(reader)), null),
            18 => (PlutusData.C(5, of), (PlutusData?)null),
            _ => throw new ContextRefused($"the certificate kind {_kind}"),
        };
    }

    /// <summary>For Plutus V3.</summary>
    public PlutusData V3 => _v3;

    /// <summary>For Plutus V1 and V2, which know only what there was before Conway.</summary>
    public PlutusData V2 => _v2 ?? throw new ContextRefused($"the certificate kind {_kind}, which Plutus V1 and V2 do not know (CertificateNotSupported)");

    /// <summary>The script whose agreement it needs; none for keys, pools, and registrations without a deposit field, which nobody must witness.</summary>
    public ScriptHash? Script => _kind != 0 ? _credential?.AsScript : null;

    public static Credential ReadCredential(CborReader reader)
    {
        reader.ReadStartArray();
        var script = reader.ReadInt32() == 1;
        var hash = new Hash28(reader.ReadByteString());
        reader.ReadEndArray();
        return script ? Credential.Script(new ScriptHash(hash)) : Credential.Key(new KeyHash(hash));
    }

    private static (PlutusData, PlutusData?) Delegation(PlutusData of, PlutusData staking, PlutusData pool) =>
        (PlutusData.C(2, of, PlutusData.C(0, pool)), PlutusData.C(2, staking, pool));

    private static PlutusData Deposit(CborReader reader, int protocolMajor) =>
        protocolMajor >= DepositsTold ? ContextData.Just(Coin(reader)) : ContextData.Nothing;

    private static PlutusData Vote(CborReader reader) => PlutusData.C(1, DRep(reader));

    private static PlutusData StakeAndVote(CborReader reader)
    {
        var pool = Bytes(reader);
        return PlutusData.C(2, pool, DRep(reader));
    }

    private static PlutusData DRep(CborReader reader)
    {
        reader.ReadStartArray();
        var data = reader.ReadInt32() switch
        {
            0 => PlutusData.C(0, ContextData.Of(Credential.Key(new KeyHash(new Hash28(reader.ReadByteString()))))),
            1 => PlutusData.C(0, ContextData.Of(Credential.Script(new ScriptHash(new Hash28(reader.ReadByteString()))))),
            2 => PlutusData.C(1),
            _ => PlutusData.C(2),
        };
        reader.ReadEndArray();
        return data;
    }

    private static PlutusData Bytes(CborReader reader) => PlutusData.B(reader.ReadByteString());

    private static PlutusData Coin(CborReader reader) => PlutusData.I(reader.ReadUInt64());
}
