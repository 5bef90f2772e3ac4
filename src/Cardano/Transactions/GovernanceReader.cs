using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Transactions;

/// <summary>
/// Votes and proposals (body keys 19 and 20), which a payment system never writes: their frame is checked, their bytes are kept. What a
/// governance action itself says is not looked into.
/// </summary>
internal static class GovernanceReader
{
    private const int LastVoter = 4;
    private const int LastVote = 2;
    private const int LastAction = 6;

    public static ReadOnlyMemory<byte> ReadVotingProcedures(CborInput input)
    {
        var start = input.Position;
        var voters = new HashSet<(long Kind, Hash28 Hash)>();
        var outer = input.BeginMap();
        while (outer.Next())
        {
            var pair = input.BeginTuple(2);
            if (!voters.Add((input.ReadUnsigned(LastVoter), input.ReadHash28())))
            {
                throw input.Error("a voter stands twice");
            }

            pair.End();
            ReadVotes(input);
        }

        return voters.Count > 0 ? input.Since(start) : throw input.Error("empty voting procedures; the field must be left out");
    }

    public static ReadOnlyMemory<byte> ReadProposalProcedures(CborInput input)
    {
        var start = input.Position;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var proposal in input.ReadNonEmptyList(ReadProposal))
        {
            if (!seen.Add(Convert.ToHexStringLower(proposal.Span)))
            {
                throw input.Error("a proposal stands twice");
            }
        }

        return input.Since(start);
    }

    private static void ReadVotes(CborInput input)
    {
        var actions = new HashSet<(Hash32 TxId, long Index)>();
        var inner = input.BeginMap();
        while (inner.Next())
        {
            var action = input.BeginTuple(2);
            if (!actions.Add((input.ReadHash32(), input.ReadUnsigned(ushort.MaxValue))))
            {
                throw input.Error("a governance action stands twice");
            }

            action.End();
            var procedure = input.BeginTuple(2);
            input.ReadUnsigned(LastVote);
            CertificateReader.OptionalAnchor(input);
            procedure.End();
        }

        if (actions.Count == 0)
        {
            throw input.Error("a voter without votes");
        }
    }

    private static ReadOnlyMemory<byte> ReadProposal(CborInput input)
    {
        var start = input.Position;
        var fields = input.BeginTuple(4);
        ValueCodec.ReadCoin(input);
        AddressCodec.ReadRewardAccount(input);
        var action = input.BeginArray();
        action.Next();
        input.ReadUnsigned(LastAction);
        while (action.Next())
        {
            input.ReadRaw();
        }

        CertificateReader.Anchor(input);
        fields.End();
        return input.Since(start);
    }
}
