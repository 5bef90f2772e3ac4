using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Plutus.Contexts;

/// <summary>
/// Builds the arguments of each script of one transaction (spec cardano.md 7). What all scripts of a language share is built once.
/// </summary>
internal sealed class ScriptContexts
{
    private readonly Transaction _transaction;
    private readonly IReadOnlyDictionary<TxInput, TxOutput> _utxos;
    private readonly SlotConfig _slots;
    private readonly int _protocolMajor;
    private readonly ImmutableArray<TxInput> _inputs;
    private readonly ImmutableArray<PolicyId> _policies;
    private readonly ImmutableArray<Address> _accounts;
    private readonly ImmutableArray<CertificateData> _certificates;
    private readonly ImmutableArray<(Voter Voter, PlutusData Votes)> _votes;
    private readonly ImmutableArray<Proposal> _proposals;
    private readonly Dictionary<DatumHash, Datum> _datums;
    private PlutusData? _infoV1;
    private PlutusData? _infoV2;
    private PlutusData? _infoV3;

    public ScriptContexts(Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> utxos, SlotConfig slots, int protocolMajor)
    {
        _transaction = transaction;
        _utxos = utxos;
        _slots = slots;
        _protocolMajor = protocolMajor;
        var body = transaction.Body;
        _inputs = [.. body.Inputs.Order()];
        _policies = [.. body.Mint.Assets.Keys.Select(a => a.Policy).Distinct()];

        // Ledger order of accounts: scripts before keys (unlike their bytes), then the hash.
        _accounts = [.. body.Withdrawals.Select(w => w.Key).OrderBy(a => a.Stake!.Value.IsScript ? 0 : 1).ThenBy(a => a.Stake!.Value.Hash)];
        _certificates = [.. body.Certificates.Select(c => new CertificateData(c, protocolMajor))];
        _votes = GovernanceData.Votes(body.VotingProcedures);
        _proposals = GovernanceData.Proposals(body.ProposalProcedures);
        _datums = [];
        foreach (var datum in transaction.Witnesses.Datums)
        {
            _datums[datum.Hash] = datum;
        }
    }

    /// <summary>The script a redeemer is for, or null when the pointer points to nothing that a script guards.</summary>
    public ScriptHash? ScriptOf(RedeemerPointer pointer) =>
        pointer.Tag switch
        {
            RedeemerTag.Spend when pointer.Index < _inputs.Length => Resolve(_inputs[pointer.Index]).Address.Payment?.AsScript,
            RedeemerTag.Mint when pointer.Index < _policies.Length => _policies[pointer.Index].ToScriptHash(),
            RedeemerTag.Reward when pointer.Index < _accounts.Length => _accounts[pointer.Index].Stake?.AsScript,
            RedeemerTag.Cert when pointer.Index < _certificates.Length => _certificates[pointer.Index].Script,
            RedeemerTag.Vote when pointer.Index < _votes.Length => _votes[pointer.Index].Voter.Script,
            RedeemerTag.Propose when pointer.Index < _proposals.Length => _proposals[pointer.Index].Script,
            _ => null,
        };

    /// <summary>The data arguments of a script execution, in order.</summary>
    public ImmutableArray<PlutusData> Arguments(Redeemer redeemer, ScriptLanguage language)
    {
        if (language == ScriptLanguage.PlutusV3)
        {
            return [PlutusData.C(0, InfoV3(), redeemer.Data.Data, InfoOfScriptV3(redeemer.Pointer))];
        }

        var context = PlutusData.C(0, language == ScriptLanguage.PlutusV1 ? InfoV1() : InfoV2(), PurposeV2(redeemer.Pointer));
        if (redeemer.Pointer.Tag != RedeemerTag.Spend)
        {
            return [redeemer.Data.Data, context];
        }

        var datum = DatumOf(Resolve(_inputs[redeemer.Pointer.Index])) ?? throw new ContextRefused("a spent output without its datum");
        return [datum, redeemer.Data.Data, context];
    }

    private PlutusData InfoV1()
    {
        RefuseConwayFields();
        foreach (var input in _transaction.Body.ReferenceInputs)
        {
            // Plutus V1 does not see reference inputs, but what it could not have seen is refused there too.
            ContextData.OutputV1(Resolve(input));
        }

        return _infoV1 ??= PlutusData.C(
            0,
            ContextData.List(_inputs.Select(i => PlutusData.C(0, ContextData.Of(i, false), ContextData.OutputV1(Resolve(i))))),
            ContextData.List(_transaction.Body.Outputs.Select(ContextData.OutputV1)),
            ContextData.AdaOnly(_transaction.Body.Fee.Exact),
            ContextData.Mint(_transaction.Body.Mint, false),
            ContextData.List(_certificates.Select(c => c.V2)),
            ContextData.List(WithdrawalsV2().Select(w => PlutusData.C(0, w.Key, w.Value))),
            ContextData.TimeRange(_transaction.Body, _slots),
            Signatories(),
            ContextData.List(SortedDatums().Select(d => PlutusData.C(0, d.Key, d.Value))),
            PlutusData.C(0, ContextData.Bytes(_transaction.Id.Hash))
        );
    }

    private PlutusData InfoV2()
    {
        RefuseConwayFields();
        return _infoV2 ??= PlutusData.C(
            0,
            Resolved(_inputs, false),
            Resolved(_transaction.Body.ReferenceInputs.Order(), false),
            ContextData.List(_transaction.Body.Outputs.Select(ContextData.OutputV2)),
            ContextData.AdaOnly(_transaction.Body.Fee.Exact),
            ContextData.Mint(_transaction.Body.Mint, false),
            ContextData.List(_certificates.Select(c => c.V2)),
            ContextData.Map(WithdrawalsV2()),
            ContextData.TimeRange(_transaction.Body, _slots),
            Signatories(),
            ContextData.Map(
                _transaction
                    .Witnesses.Redeemers.OrderBy(r => r.Pointer)
                    .Select(r => new KeyValuePair<PlutusData, PlutusData>(PurposeV2(r.Pointer), r.Data.Data))
            ),
            ContextData.Map(SortedDatums()),
            PlutusData.C(0, ContextData.Bytes(_transaction.Id.Hash))
        );
    }

    private PlutusData InfoV3()
    {
        if (_infoV3 is not null)
        {
            return _infoV3;
        }

        var body = _transaction.Body;
        if (_protocolMajor >= 11 && body.ReferenceInputs.Intersect(body.Inputs).Any())
        {
            throw new ContextRefused("an output that is both spent and referenced (ReferenceInputsNotDisjointFromInputs)");
        }

        return _infoV3 = PlutusData.C(
            0,
            Resolved(_inputs, true),
            Resolved(body.ReferenceInputs.Order(), true),
            ContextData.List(body.Outputs.Select(ContextData.OutputV2)),
            PlutusData.I(body.Fee.Exact),
            ContextData.Mint(body.Mint, true),
            ContextData.List(_certificates.Select(c => c.V3)),
            ContextData.Map(_accounts.Select(a => new KeyValuePair<PlutusData, PlutusData>(ContextData.Of(a.Stake!.Value), PlutusData.I(Withdrawn(a))))),
            ContextData.TimeRange(body, _slots),
            Signatories(),
            ContextData.Map(
                _transaction
                    .Witnesses.Redeemers.OrderBy(r => r.Pointer)
                    .Select(r => new KeyValuePair<PlutusData, PlutusData>(PurposeV3(r.Pointer), r.Data.Data))
            ),
            ContextData.Map(SortedDatums()),
            ContextData.Bytes(_transaction.Id.Hash),
            ContextData.Map(_votes.Select(v => new KeyValuePair<PlutusData, PlutusData>(v.Voter.Data, v.Votes))),
            ContextData.List(_proposals.Select(p => p.Data)),
            ContextData.Maybe(body.CurrentTreasury is { } treasury ? PlutusData.I(treasury.Exact) : null),
            ContextData.Maybe(body.Donation is { } donation && donation > Lovelace.Zero ? PlutusData.I(donation.Exact) : null)
        );
    }

    private PlutusData InfoOfScriptV3(RedeemerPointer pointer) =>
        pointer.Tag == RedeemerTag.Spend
            ? PlutusData.C(1, ContextData.Of(_inputs[pointer.Index], true), ContextData.Maybe(DatumOf(Resolve(_inputs[pointer.Index]))))
            : PurposeV3(pointer);

    private PlutusData PurposeV3(RedeemerPointer pointer) =>
        pointer.Tag switch
        {
            RedeemerTag.Mint when pointer.Index < _policies.Length => PlutusData.C(0, ContextData.Bytes(_policies[pointer.Index].Hash)),
            RedeemerTag.Spend when pointer.Index < _inputs.Length => PlutusData.C(1, ContextData.Of(_inputs[pointer.Index], true)),
            RedeemerTag.Reward when pointer.Index < _accounts.Length => PlutusData.C(2, ContextData.Of(_accounts[pointer.Index].Stake!.Value)),
            RedeemerTag.Cert when pointer.Index < _certificates.Length => PlutusData.C(3, PlutusData.I(pointer.Index), _certificates[pointer.Index].V3),
            RedeemerTag.Vote when pointer.Index < _votes.Length => PlutusData.C(4, _votes[pointer.Index].Voter.Data),
            RedeemerTag.Propose when pointer.Index < _proposals.Length => PlutusData.C(5, PlutusData.I(pointer.Index), _proposals[pointer.Index].Data),
            _ => throw new ContextRefused($"the redeemer {pointer}, which points to nothing (RedeemerPointerPointsToNothing)"),
        };

    private PlutusData PurposeV2(RedeemerPointer pointer) =>
        pointer.Tag switch
        {
            RedeemerTag.Mint when pointer.Index < _policies.Length => PlutusData.C(0, ContextData.Bytes(_policies[pointer.Index].Hash)),
            RedeemerTag.Spend when pointer.Index < _inputs.Length => PlutusData.C(1, ContextData.Of(_inputs[pointer.Index], false)),
            RedeemerTag.Reward when pointer.Index < _accounts.Length => PlutusData.C(2, PlutusData.C(0, ContextData.Of(_accounts[pointer.Index].Stake!.Value))),
            RedeemerTag.Cert when pointer.Index < _certificates.Length => PlutusData.C(3, _certificates[pointer.Index].V2),
            RedeemerTag.Vote or RedeemerTag.Propose => throw new ContextRefused(
                $"the redeemer {pointer}, whose purpose Plutus V1 and V2 do not know (PlutusPurposeNotSupported)"
            ),
            _ => throw new ContextRefused($"the redeemer {pointer}, which points to nothing (RedeemerPointerPointsToNothing)"),
        };

    // V1 and V2 list key accounts before script accounts.
    private IEnumerable<KeyValuePair<PlutusData, PlutusData>> WithdrawalsV2() =>
        _accounts
            .OrderBy(a => a.Stake!.Value.IsKey ? 0 : 1)
            .ThenBy(a => a.Stake!.Value.Hash)
            .Select(a => new KeyValuePair<PlutusData, PlutusData>(PlutusData.C(0, ContextData.Of(a.Stake!.Value)), PlutusData.I(Withdrawn(a))));

    private Int128 Withdrawn(Address account) => _transaction.Body.Withdrawals.First(w => w.Key == account).Value.Exact;

    private PlutusData Resolved(IEnumerable<TxInput> inputs, bool v3) =>
        ContextData.List(inputs.Select(i => PlutusData.C(0, ContextData.Of(i, v3), ContextData.OutputV2(Resolve(i)))));

    private PlutusData Signatories() => ContextData.List(_transaction.Body.RequiredSigners.Order().Select(k => ContextData.Bytes(k.Hash)));

    private IEnumerable<KeyValuePair<PlutusData, PlutusData>> SortedDatums() =>
        _datums.OrderBy(d => d.Key).Select(d => new KeyValuePair<PlutusData, PlutusData>(ContextData.Bytes(d.Key.Hash), d.Value.Data));

    private PlutusData? DatumOf(TxOutput output) =>
        output.Datum switch
        {
            TxDatum.Inline i => i.Datum.Data,
            TxDatum.ByHash h => _datums.TryGetValue(h.Hash, out var datum) ? datum.Data : null,
            _ => null,
        };

    private TxOutput Resolve(TxInput input) => _utxos.TryGetValue(input, out var output) ? output : throw new ContextRefused($"the unknown output {input}");

    private void RefuseConwayFields()
    {
        var body = _transaction.Body;
        var (field, predicate) =
            body.VotingProcedures is not null ? ("votes", "VotingProceduresFieldNotSupported")
            : body.ProposalProcedures is not null ? ("proposals", "ProposalProceduresFieldNotSupported")
            : body.CurrentTreasury is not null ? ("the treasury's value", "CurrentTreasuryFieldNotSupported")
            : body.Donation is not null ? ("a donation", "TreasuryDonationFieldNotSupported")
            : (null, null);
        if (field is not null)
        {
            throw new ContextRefused($"{field}, which Plutus V1 and V2 do not know ({predicate})");
        }
    }
}
