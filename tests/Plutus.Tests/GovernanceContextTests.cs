using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Plutus.Contexts;

namespace Masumi.Plutus.Tests;

/// <summary>Certificates, votes and proposals as scripts see them (spec cardano.md 7.3), from bytes written by hand after the CDDL.</summary>
public sealed class GovernanceContextTests
{
    private static readonly string Key = new('1', 56);
    private static readonly string Script = new('2', 56);
    private static readonly string Pool = new('3', 56);
    private static readonly string Tx = new('4', 64);
    private static readonly string KeyCredential = $"8200581c{Key}";
    private static readonly string ScriptCredential = $"8201581c{Script}";

    public static TheoryData<int, string, string, string?> Certificates =>
        new()
        {
            { 0, $"8200{ScriptCredential}", "C0[S, C1[]]", null },
            { 1, $"8201{ScriptCredential}", "C1[S, C1[]]", "2" },
            { 2, $"8302{ScriptCredential}581c{Pool}", "C2[S, C0[P]]", "2" },
            { 3, $"8a03581c{Pool}5820{Tx}0000d81e820001581de0{Key}d901028080f6", "C7[P, T]", null },
            { 4, $"8304581c{Pool}1903e8", "C8[P, 1000]", null },
            { 7, $"8307{ScriptCredential}1a001e8480", "C0[S, C0[2000000]]", "2" },
            { 8, $"8308{ScriptCredential}1a001e8480", "C1[S, C0[2000000]]", "2" },
            { 9, $"8309{KeyCredential}8200581c{Key}", "C2[K, C1[C0[K]]]", null },
            { 10, $"840a{ScriptCredential}581c{Pool}8102", "C2[S, C2[P, C1[]]]", "2" },
            { 11, $"840b{ScriptCredential}581c{Pool}05", "C3[S, C0[P], 5]", "2" },
            { 12, $"840c{ScriptCredential}810305", "C3[S, C1[C2[]], 5]", "2" },
            { 13, $"850d{ScriptCredential}581c{Pool}8201581c{Script}05", "C3[S, C2[P, C0[S]], 5]", "2" },
            { 14, $"830e{ScriptCredential}{KeyCredential}", "C9[S, K]", "2" },
            { 15, $"830f{ScriptCredential}f6", "C10[S]", "2" },
            { 16, $"8410{ScriptCredential}05f6", "C4[S, 5]", "2" },
            { 17, $"8311{ScriptCredential}05", "C6[S, 5]", "2" },
            { 18, $"8312{ScriptCredential}f6", "C5[S]", "2" },
        };

    [Theory]
    [MemberData(nameof(Certificates))]
    public void A_certificate_is_told_and_guarded_by_its_credential(int kind, string cbor, string told, string? guard)
    {
        var certificate = new CertificateData(new Certificate(kind, Convert.FromHexString(cbor)), 10);
        Assert.Equal(told, Show(certificate.V3));
        Assert.Equal(guard is null ? null : Script, certificate.Script?.ToString());
    }

    [Theory]
    [InlineData(7, "C0[C0[S]]")]
    [InlineData(8, "C1[C0[S]]")]
    [InlineData(2, "C2[C0[S], P]")]
    [InlineData(4, "C4[P, 1000]")]
    public void Plutus_v1_and_v2_are_told_what_there_was_before_conway(int kind, string told)
    {
        var cbor = (string)Certificates.Select(c => c.Data).Single(c => c.Item1 == kind).Item2;
        Assert.Equal(told, Show(new CertificateData(new Certificate(kind, Convert.FromHexString(cbor)), 10).V2));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(16)]
    public void What_plutus_v2_does_not_know_is_refused_and_named(int kind)
    {
        var cbor = (string)Certificates.Select(c => c.Data).Single(c => c.Item1 == kind).Item2;
        var certificate = new CertificateData(new Certificate(kind, Convert.FromHexString(cbor)), 10);
        Assert.Contains("CertificateNotSupported", Assert.Throws<ContextRefused>(() => certificate.V2).Message);
    }

    [Fact]
    public void Before_protocol_version_10_deposits_were_not_told() =>
        Assert.Equal("C0[S, C1[]]", Show(new CertificateData(new Certificate(7, Convert.FromHexString($"8307{ScriptCredential}1a001e8480")), 9).V3));

    [Fact]
    public void Voters_stand_in_ledger_order_with_their_votes_by_action()
    {
        var votes = GovernanceData.Votes(
            Convert.FromHexString(
                $"a3 8204581c{Pool} a1 825820{Tx}00 8202f6 8202581c{Key} a1 825820{Tx}00 8201f6 8203581c{Script} a2 825820{Tx}02 8200f6 825820{Tx}01 8201f6".Replace(
                    " ",
                    "",
                    StringComparison.Ordinal
                )
            )
        );
        Assert.Equal(["C1[S]", "C1[K]", "C2[P]"], votes.Select(v => Show(v.Voter.Data)));
        Assert.Equal([Script, null, null], votes.Select(v => v.Voter.Script?.ToString()));
        Assert.Equal("{C0[T, 1]: C1[], C0[T, 2]: C0[]}", Show(votes[0].Votes));
        Assert.Equal("{C0[T, 0]: C2[]}", Show(votes[2].Votes));
    }

    [Theory]
    [InlineData("8400f6a2001864 09d81e820304 581cSSSS", "C0[C1[], {0: 100, 9: [3, 4]}, C0[S']]", true)]
    [InlineData("8400825820TTTT00a11382d81e820102d81e820204f6", "C0[C0[C0[T, 0]], {19: [[1, 2], [1, 2]]}, C1[]]", false)]
    [InlineData("8301f6820b00", "C1[C1[], C0[11, 0]]", false)]
    [InlineData("8302a2581de0KKKK05581df0SSSS06581cSSSS", "C2[{S: 6, K: 5}, C0[S']]", true)]
    [InlineData("8203825820TTTT01", "C3[C0[C0[T, 1]]]", false)]
    [InlineData("8504f6d90102828200581cKKKK8201581cSSSSa18200581cKKKK0ad81e820406", "C4[C1[], [S, K], {K: 10}, C0[2, 3]]", false)]
    [InlineData("8305f6828264687474705820TTTT581cSSSS", "C5[C1[], C0[C0[S']]]", false)]
    [InlineData("8106", "C6[]", false)]
    public void A_proposal_is_told_with_its_action_and_guarded_by_the_constitutions_script(string action, string told, bool guarded)
    {
        var bytes = action
            .Replace("SSSS", Script, StringComparison.Ordinal)
            .Replace("KKKK", Key, StringComparison.Ordinal)
            .Replace("TTTT", Tx, StringComparison.Ordinal)
            .Replace(" ", "", StringComparison.Ordinal);
        var proposal = Assert.Single(GovernanceData.Proposals(Convert.FromHexString($"81841a001e8480581de0{Key}{bytes}8264687474705820{Tx}")));
        Assert.Equal($"C0[2000000, K, {told}]", Show(proposal.Data));
        Assert.Equal(guarded ? Script : null, proposal.Script?.ToString());
    }

    [Fact]
    public void An_action_that_says_nothing_sensible_is_refused() =>
        Assert.Throws<ContextRefused>(() => GovernanceData.Proposals(Convert.FromHexString($"81841a001e8480581de0{Key}8300f6018264687474705820{Tx}")));

    // Short names for what stands in the examples: K and S the credentials, S' the bare script hash, P the pool, T the transaction.
    private static string Show(PlutusData data) =>
        data switch
        {
            PlutusData.Constr { Tag: 0, Fields: [PlutusData.Bytes b] } when Hex(b) == Key => "K",
            PlutusData.Constr { Tag: 1, Fields: [PlutusData.Bytes b] } when Hex(b) == Script => "S",
            PlutusData.Constr c => $"C{c.Tag}[{string.Join(", ", c.Fields.Select(Show))}]",
            PlutusData.List l => $"[{string.Join(", ", l.Items.Select(Show))}]",
            PlutusData.Map m => $"{{{string.Join(", ", m.Entries.Select(e => $"{Show(e.Key)}: {Show(e.Value)}"))}}}",
            PlutusData.Integer i => $"{i.Value}",
            PlutusData.Bytes b => Hex(b) is var h && h == Script ? "S'"
            : h == Pool ? "P"
            : h == Tx ? "T"
            : h,
            _ => data.ToString()!,
        };

    private static string Hex(PlutusData.Bytes bytes) => Convert.ToHexStringLower(bytes.Value.Span);
}
