using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Http;

/// <summary>The fields of a certificate that the API shows (spec cardano.md 3.3).</summary>
/// <param name="Kind">The CDDL number.</param>
/// <param name="Credential">Whose: the account, DRep or committee member; null for pool certificates.</param>
internal sealed record CertificateContent(int Kind, Credential? Credential)
{
    private const byte DRepKeyHeader = 0x22;
    private const byte DRepScriptHeader = 0x23;

    /// <summary>True when the account is registered by it.</summary>
    public bool Registers => Kind is 0 or 7 or 11 or 12 or 13;

    /// <summary>True when the account ends by it.</summary>
    public bool Deregisters => Kind is 1 or 8;

    /// <summary>The pool delegated to, registered or retired.</summary>
    public Hash28? Pool { get; private init; }

    /// <summary>The deposit or refund where the certificate names it.</summary>
    public Lovelace? Deposit { get; private init; }

    /// <summary>When a pool retires.</summary>
    public ulong? Epoch { get; private init; }

    /// <summary>The terms of a pool registration.</summary>
    public PoolTerms? Terms { get; private init; }

    /// <summary>Reads a certificate that was checked when its transaction was decoded.</summary>
    public static CertificateContent Read(Certificate certificate)
    {
        var reader = new CborReader(certificate.Cbor, CborConformanceMode.Lax);
        reader.ReadStartArray();
        reader.ReadInt32();
        switch (certificate.Kind)
        {
            case 3:
                var pool = ReadHash28(reader);
                return new CertificateContent(3, null) { Pool = pool, Terms = PoolTerms.Read(reader) };
            case 4:
                return new CertificateContent(4, null) { Pool = ReadHash28(reader), Epoch = reader.ReadUInt64() };
            default:
                // In the order of the bytes.
                return new CertificateContent(certificate.Kind, ReadCredential(reader))
                {
                    Pool = certificate.Kind is 2 or 10 or 11 or 13 ? ReadHash28(reader) : null,
                    Deposit = certificate.Kind is 7 or 8 or 11 or 12 or 13 or 16 or 17 ? ReadDeposit(reader, certificate.Kind) : null,
                };
        }
    }

    /// <summary>A DRep as the API names it.</summary>
    public static string? NameOf(DRep? drep) =>
        drep switch
        {
            null => null,
            // CIP-129.
            Ledger.State.DRep.ByCredential { Credential: var c } => Bech32.Encode("drep", [c.IsScript ? DRepScriptHeader : DRepKeyHeader, .. c.Hash.ToArray()]),
            Ledger.State.DRep.AlwaysAbstain => "drep_always_abstain",
            _ => "drep_always_no_confidence",
        };

    private static Lovelace ReadDeposit(CborReader reader, int kind)
    {
        if (kind is 12 or 13)
        {
            // The DRep that comes before it.
            reader.SkipValue();
        }

        return new Lovelace(reader.ReadInt64());
    }

    private static Hash28 ReadHash28(CborReader reader) => new(reader.ReadByteString());

    private static Credential ReadCredential(CborReader reader)
    {
        reader.ReadStartArray();
        var isScript = reader.ReadInt32() == 1;
        var hash = ReadHash28(reader);
        reader.ReadEndArray();
        return isScript ? Cardano.Addresses.Credential.Script(new ScriptHash(hash)) : Cardano.Addresses.Credential.Key(new KeyHash(hash));
    }
}
