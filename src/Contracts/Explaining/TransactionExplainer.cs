using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Explaining;

/// <summary>What is known around a transaction.</summary>
public sealed record ExplanationScene
{
    /// <summary>What it spends and refers to, as far as it is known.</summary>
    public required IReadOnlyDictionary<TxInput, TxOutput> Outputs { get; init; }

    /// <summary>By which its scripts run.</summary>
    public required ProtocolParameters Parameters { get; init; }

    /// <summary>When its slots are.</summary>
    public required SlotConfig Slots { get; init; }

    /// <summary>Whose chain it is for; null where only what is spent and created can say it.</summary>
    public NetworkId? Network { get; init; }

    /// <summary>Scripts that are at hand besides those of the transaction and the outputs: they show which contracts they are.</summary>
    public ImmutableArray<Script> Scripts { get; init; } = [];

    /// <summary>Escrows that are known besides the deployed ones and ours with the usual parameters.</summary>
    public ImmutableArray<EscrowContract> Contracts { get; init; } = [];
}

/// <summary>
/// Says what a transaction does in Masumi's words, and runs it: where a contract of ours refuses, its build with traces says by which rule, and the rule model
/// with which values. Nothing a transaction holds makes it throw.
/// </summary>
public static class TransactionExplainer
{
    // Where a body has its validity.
    private const int FromKey = 8;
    private const int UntilKey = 3;

    /// <summary>Everything that can be said of a transaction with what is known.</summary>
    public static Explanation Explain(Transaction transaction, ExplanationScene scene)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(scene);
        var body = transaction.Body;
        var scripts = transaction
            .Witnesses.Scripts.Concat(
                body.Inputs.Concat(body.ReferenceInputs).Select(i => scene.Outputs.GetValueOrDefault(i)?.ReferenceScript).OfType<Script>()
            )
            .Concat(scene.Scripts)
            .DistinctBy(s => s.Hash);
        var book = new ContractBook(scene.Network ?? NetworkOf(transaction, scene.Outputs) ?? NetworkId.Testnet, scene.Contracts, scripts);
        var roles = new PartyRoles(transaction, scene.Outputs, book);
        var acts = new EscrowActs(transaction, scene.Outputs, book);
        var judgement = new Judgement(transaction, scene, book).Judge();
        return new Explanation
        {
            Transaction = transaction,
            From = Bound(transaction, FromKey, body.InvalidBefore, scene.Slots),
            Until = Bound(transaction, UntilKey, body.InvalidHereafter, scene.Slots),
            Inputs = Known(body.Inputs.Sort()),
            ReferenceInputs = Known(body.ReferenceInputs),
            Outputs = [.. body.Outputs.Select((o, i) => Show(new TxInput(transaction.Id, i), o))],
            Acts = [.. acts.Read(Show), .. new RegistryActs(transaction, book).Read()],
            Signers = Signers(transaction, roles),
            Unsigned = Unsigned(transaction, scene.Outputs),
            Scripts = judgement.Scripts,
            NotJudged = judgement.NotJudged,
        };

        ImmutableArray<ExplainedOutput> Known(IEnumerable<TxInput> inputs) =>
            [.. inputs.Select(i => scene.Outputs.TryGetValue(i, out var output) ? Show(i, output) : new ExplainedOutput(i, null, null))];

        ExplainedOutput Show(TxInput at, TxOutput output) => new(at, output, book.EscrowAt(output.Address)?.Name ?? roles.Of(output.Address));
    }

    /// <summary>
    /// Whose network most of its addresses are: of what it spends, where that is known, since a chain has no outputs of another; else of what it creates, where
    /// anybody may write anything. Null for a transaction without either.
    /// </summary>
    public static NetworkId? NetworkOf(Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> outputs)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(outputs);
        var spent = transaction.Body.Inputs.Select(outputs.GetValueOrDefault).OfType<TxOutput>().ToList();
        return (spent.Count > 0 ? spent : transaction.Body.Outputs.AsEnumerable())
            .CountBy(o => o.Address.Network)
            .OrderByDescending(n => n.Value)
            .Select(n => (NetworkId?)n.Key)
            .FirstOrDefault();
    }

    private static ExplainedBound? Bound(Transaction transaction, int key, Slot? slot, SlotConfig slots)
    {
        if (slot is not { } bound)
        {
            return null;
        }

        try
        {
            return new ExplainedBound(bound, slots.TimeOf(bound));
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            return bound.Number == long.MaxValue ? new ExplainedBound(bound, null) { Written = Written(transaction, key) } : new ExplainedBound(bound, null);
        }
    }

    // A slot of 64 bits is read as the last one there can be; people are told what is written.
    private static ulong Written(Transaction transaction, int key)
    {
        var reader = new CborReader(transaction.Bytes.ToArray(), CborConformanceMode.Lax);
        reader.ReadStartArray();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            if (reader.ReadInt32() == key)
            {
                return reader.ReadUInt64();
            }

            reader.SkipValue();
        }

        return long.MaxValue;
    }

    private static ImmutableArray<KeyHash> Unsigned(Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> outputs)
    {
        var body = transaction.Body;
        var there = transaction.Witnesses.VKeys.Select(w => new KeyHash(Blake2b.Hash224(w.PublicKey.Span))).Concat(body.RequiredSigners).ToHashSet();
        return
        [
            .. body
                .Inputs.Concat(body.Collateral)
                .Select(i => outputs.GetValueOrDefault(i)?.Address.Payment?.AsKey)
                .OfType<KeyHash>()
                .Where(key => !there.Contains(key))
                .Distinct(),
        ];
    }

    private static ImmutableArray<ExplainedSigner> Signers(Transaction transaction, PartyRoles roles)
    {
        var signed = new Dictionary<KeyHash, SignatureState>();
        var message = transaction.Id.ToArray();
        foreach (var witness in transaction.Witnesses.VKeys)
        {
            signed[new KeyHash(Blake2b.Hash224(witness.PublicKey.Span))] =
                witness.PublicKey.Length == 32 && witness.Signature.Length == 64 && Ed25519.Verify(witness.PublicKey.Span, message, witness.Signature.Span)
                    ? SignatureState.Verifies
                    : SignatureState.Wrong;
        }

        var required = transaction.Body.RequiredSigners;
        return
        [
            .. required
                .Concat(signed.Keys)
                .Distinct()
                .Select(key => new ExplainedSigner(key, required.Contains(key), signed.GetValueOrDefault(key, SignatureState.Missing), roles.Of(key))),
        ];
    }
}
