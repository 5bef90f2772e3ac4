using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Cbor;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Transactions;

/// <summary>Transaction bodies (CDDL <c>transaction_body</c>, spec cardano.md 3.1).</summary>
internal static class BodyCodec
{
    private const int LastKey = 22;
    private const uint RequiredKeys = 0b111;

    private static readonly string[] Places = [.. Enumerable.Range(0, LastKey + 1).Select(key => $"transaction body key {key}")];

    public static TransactionBody Read(CborInput input)
    {
        var fields = new BodyFields();
        var seen = 0u;
        var entries = input.BeginMap();
        while (entries.Next())
        {
            input.Place = "transaction body";
            var key = (int)input.ReadUnsigned(LastKey);
            if ((seen & (1u << key)) != 0)
            {
                throw input.Error($"body key {key} stands twice");
            }

            seen |= 1u << key;
            input.Place = Places[key];
            ReadField(input, fields, key);
        }

        return (seen & RequiredKeys) == RequiredKeys ? fields.ToBody() : throw input.Error("inputs, outputs or fee are missing");
    }

    [SuppressMessage("Maintainability", "CA1502", Justification = "One case for each field of a transaction body: a table.")]
    private static void ReadField(CborInput input, BodyFields body, int key)
    {
        switch (key)
        {
            case 0:
                body.Inputs = input.ReadSet(ReadInput);
                break;
            case 1:
                body.Outputs = input.ReadList(TxOutput.Read);
                break;
            case 2:
                body.Fee = ValueCodec.ReadCoin(input);
                break;
            case 3:
                body.InvalidHereafter = ReadSlot(input);
                break;
            case 4:
                body.Certificates = ReadCertificates(input);
                break;
            case 5:
                body.Withdrawals = ReadWithdrawals(input);
                break;
            case 7:
                body.AuxiliaryDataHash = new AuxiliaryDataHash(input.ReadHash32());
                break;
            case 8:
                body.InvalidBefore = ReadSlot(input);
                break;
            case 9:
                body.Mint = ValueCodec.ReadMint(input);
                break;
            case 11:
                body.ScriptDataHash = new ScriptDataHash(input.ReadHash32());
                break;
            case 13:
                body.Collateral = input.ReadNonEmptySet(ReadInput);
                break;
            case 14:
                body.RequiredSigners = input.ReadNonEmptySet(i => new KeyHash(i.ReadHash28()));
                break;
            case 15:
                body.NetworkId = (NetworkId)input.ReadUnsigned(1);
                break;
            case 16:
                body.CollateralReturn = TxOutput.Read(input);
                break;
            case 17:
                body.TotalCollateral = ValueCodec.ReadCoin(input);
                break;
            case 18:
                body.ReferenceInputs = input.ReadNonEmptySet(ReadInput);
                break;
            case 19:
                body.VotingProcedures = GovernanceReader.ReadVotingProcedures(input);
                break;
            case 20:
                body.ProposalProcedures = GovernanceReader.ReadProposalProcedures(input);
                break;
            case 21:
                body.CurrentTreasury = ValueCodec.ReadCoin(input);
                break;
            case 22:
                body.Donation = ReadDonation(input);
                break;
            default:
                throw input.Error($"unknown body key {key}");
        }
    }

    /// <summary>True when the inputs, the one set that every body has, carry the tag of sets.</summary>
    public static bool HasTaggedSets(ReadOnlyMemory<byte> bytes)
    {
        var input = new CborInput(bytes, "transaction body");
        var entries = input.BeginMap();
        while (entries.Next())
        {
            if (input.ReadUnsigned(LastKey) == 0)
            {
                return input.PeekMajor() == CborMajor.Tag;
            }

            input.ReadRaw();
        }

        return true;
    }

    /// <summary>Writes the fields in key order; collections in the order given.</summary>
    public static void Write(CborWriter writer, TransactionBody body, TransactionForm form = TransactionForm.Usual)
    {
        var fields = Fields(body, form);
        writer.WriteStartMap(fields.Count);
        foreach (var (key, write) in fields)
        {
            writer.WriteInt32(key);
            write(writer);
        }

        writer.WriteEndMap();
    }

    private static List<(int Key, Action<CborWriter> Write)> Fields(TransactionBody body, TransactionForm form)
    {
        var tagged = form == TransactionForm.Usual;
        List<(int Key, Action<CborWriter> Write)> fields =
        [
            (0, w => w.WriteSet(body.Inputs, WriteInput, tagged)),
            (1, w => WriteOutputs(w, body.Outputs, form)),
            (2, w => w.WriteCoin(body.Fee)),
        ];
        void Add(bool present, int key, Action<CborWriter> write)
        {
            if (present)
            {
                fields.Add((key, write));
            }
        }

        Add(body.InvalidHereafter is not null, 3, w => w.WriteInt64(body.InvalidHereafter!.Value.Number));
        Add(!body.Certificates.IsEmpty, 4, w => w.WriteSet(body.Certificates, (cw, c) => cw.WriteEncodedValue(c.Cbor.Span), tagged));
        Add(!body.Withdrawals.IsEmpty, 5, w => WriteWithdrawals(w, body.Withdrawals));
        Add(body.AuxiliaryDataHash is not null, 7, w => w.WriteHash(body.AuxiliaryDataHash!.Value.Hash));
        Add(body.InvalidBefore is not null, 8, w => w.WriteInt64(body.InvalidBefore!.Value.Number));
        Add(!body.Mint.IsAdaOnly, 9, w => ValueCodec.WriteMint(w, body.Mint));
        Add(body.ScriptDataHash is not null, 11, w => w.WriteHash(body.ScriptDataHash!.Value.Hash));
        Add(!body.Collateral.IsEmpty, 13, w => w.WriteSet(body.Collateral, WriteInput, tagged));
        Add(!body.RequiredSigners.IsEmpty, 14, w => w.WriteSet(body.RequiredSigners, (hw, h) => hw.WriteHash(h.Hash), tagged));
        Add(body.NetworkId is not null, 15, w => w.WriteInt32((int)body.NetworkId!.Value));
        Add(body.CollateralReturn is not null, 16, w => w.WriteEncodedValue(body.CollateralReturn!.In(form).Bytes.Span));
        Add(body.TotalCollateral is not null, 17, w => w.WriteCoin(body.TotalCollateral!.Value));
        Add(!body.ReferenceInputs.IsEmpty, 18, w => w.WriteSet(body.ReferenceInputs, WriteInput, tagged));
        Add(body.VotingProcedures is not null, 19, w => w.WriteEncodedValue(body.VotingProcedures!.Value.Span));
        Add(body.ProposalProcedures is not null, 20, w => w.WriteEncodedValue(body.ProposalProcedures!.Value.Span));
        Add(body.CurrentTreasury is not null, 21, w => w.WriteCoin(body.CurrentTreasury!.Value));
        Add(body.Donation is not null, 22, w => w.WriteCoin(body.Donation!.Value));
        return fields;
    }

    private static TxInput ReadInput(CborInput input)
    {
        var pair = input.BeginTuple(2);
        var reference = new TxInput(new TransactionId(input.ReadHash32()), (int)input.ReadUnsigned(ushort.MaxValue));
        pair.End();
        return reference;
    }

    private static void WriteInput(CborWriter writer, TxInput input)
    {
        writer.WriteStartArray(2);
        writer.WriteHash(input.TxId.Hash);
        writer.WriteInt32(input.Index);
        writer.WriteEndArray();
    }

    private static void WriteOutputs(CborWriter writer, ImmutableArray<TxOutput> outputs, TransactionForm form)
    {
        writer.WriteStartArray(outputs.Length);
        foreach (var output in outputs)
        {
            writer.WriteEncodedValue(output.In(form).Bytes.Span);
        }

        writer.WriteEndArray();
    }

    // Slots are 64-bit unsigned on the wire ("never" is often the largest); beyond 2^63-1 they all mean the same.
    private static Slot ReadSlot(CborInput input) => new((long)Math.Min(input.ReadUInt64(), long.MaxValue));

    private static ImmutableArray<Certificate> ReadCertificates(CborInput input)
    {
        var certificates = input.ReadNonEmptyList(CertificateReader.Read);
        if (certificates.Length == 1)
        {
            return certificates;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var certificate in certificates)
        {
            if (!seen.Add(Convert.ToHexStringLower(CertificateReader.Normalized(certificate))))
            {
                throw input.Error("a certificate stands twice");
            }
        }

        return certificates;
    }

    private static ImmutableArray<KeyValuePair<Address, Lovelace>> ReadWithdrawals(CborInput input)
    {
        var withdrawals = ImmutableArray.CreateBuilder<KeyValuePair<Address, Lovelace>>();
        var seen = new HashSet<Address>();
        var entries = input.BeginMap();
        while (entries.Next())
        {
            var account = AddressCodec.ReadRewardAccount(input);
            if (!seen.Add(account))
            {
                throw input.Error($"account {account} stands twice");
            }

            withdrawals.Add(new(account, ValueCodec.ReadCoin(input)));
        }

        return withdrawals.Count > 0 ? withdrawals.ToImmutable() : throw input.Error("empty withdrawals; the field must be left out");
    }

    private static void WriteWithdrawals(CborWriter writer, ImmutableArray<KeyValuePair<Address, Lovelace>> withdrawals)
    {
        writer.WriteStartMap(withdrawals.Length);
        foreach (var (account, amount) in withdrawals)
        {
            writer.WriteByteString(account.Bytes.Span);
            writer.WriteCoin(amount);
        }

        writer.WriteEndMap();
    }

    private static Lovelace ReadDonation(CborInput input)
    {
        var donation = ValueCodec.ReadCoin(input);
        return donation > Lovelace.Zero ? donation : throw input.Error("a donation of zero");
    }

    /// <summary>A body while it is read: one copy of an immutable record for every field would take longer than reading them.</summary>
    private sealed class BodyFields
    {
        public ImmutableArray<TxInput> Inputs = [];
        public ImmutableArray<TxOutput> Outputs = [];
        public Lovelace Fee;
        public Slot? InvalidHereafter;
        public Slot? InvalidBefore;
        public ImmutableArray<Certificate> Certificates = [];
        public ImmutableArray<KeyValuePair<Address, Lovelace>> Withdrawals = [];
        public AuxiliaryDataHash? AuxiliaryDataHash;
        public Value Mint = Value.Zero;
        public ScriptDataHash? ScriptDataHash;
        public ImmutableArray<TxInput> Collateral = [];
        public ImmutableArray<KeyHash> RequiredSigners = [];
        public NetworkId? NetworkId;
        public TxOutput? CollateralReturn;
        public Lovelace? TotalCollateral;
        public ImmutableArray<TxInput> ReferenceInputs = [];
        public ReadOnlyMemory<byte>? VotingProcedures;
        public ReadOnlyMemory<byte>? ProposalProcedures;
        public Lovelace? CurrentTreasury;
        public Lovelace? Donation;

        public TransactionBody ToBody() =>
            new()
            {
                Inputs = Inputs,
                Outputs = Outputs,
                Fee = Fee,
                InvalidHereafter = InvalidHereafter,
                InvalidBefore = InvalidBefore,
                Certificates = Certificates,
                Withdrawals = Withdrawals,
                AuxiliaryDataHash = AuxiliaryDataHash,
                Mint = Mint,
                ScriptDataHash = ScriptDataHash,
                Collateral = Collateral,
                RequiredSigners = RequiredSigners,
                NetworkId = NetworkId,
                CollateralReturn = CollateralReturn,
                TotalCollateral = TotalCollateral,
                ReferenceInputs = ReferenceInputs,
                VotingProcedures = VotingProcedures,
                ProposalProcedures = ProposalProcedures,
                CurrentTreasury = CurrentTreasury,
                Donation = Donation,
            };
    }
}
