using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;

namespace Masumi.Node.Settings;

/// <summary>
/// How deals are judged: <c>deals { confirmations?, agreement?, lockWindowMilliseconds?, payByHours?, resultHours?, unlockHours?, disputeHours? }</c>; what is
/// left out is as suits the network.
/// </summary>
internal sealed record DealSettings
{
    /// <summary>Nothing said.</summary>
    public static DealSettings None { get; } = new();

    private const long MostBlocks = 2160;
    private const long LongestWindow = 2_000;
    private const long MostHours = 24 * 365;

    /// <summary>Blocks on a lock, by amount; null: as suits the network.</summary>
    public Confirmations? Confirmations { get; init; }

    /// <summary>From which amount on a second provider must agree; null: from the usual one.</summary>
    public AgreementRule? Agreement { get; init; }

    /// <summary>How long a lock waits for others; null: as usual.</summary>
    public TimeSpan? LockWindow { get; init; }

    /// <summary>How far ahead deadlines may lie.</summary>
    public DeadlineLimits Deadlines { get; init; } = DeadlineLimits.Default;

    /// <summary>Reads them; what is wrong is noted.</summary>
    public static DealSettings Read(SettingsReader reader)
    {
        var usual = DeadlineLimits.Default;
        return new DealSettings
        {
            Confirmations = ReadConfirmations(reader.Items("confirmations", "an object with from and blocks")),
            Agreement = ReadAgreement(reader.Items("agreement", "an object with from")),
            LockWindow = reader.OptionalWhole("lockWindowMilliseconds", 0, LongestWindow) is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            Deadlines = new DeadlineLimits(
                Hours("payByHours", usual.PayBy),
                Hours("resultHours", usual.SubmitResult),
                Hours("unlockHours", usual.Unlock),
                Hours("disputeHours", usual.ExternalDisputeUnlock)
            ),
        };

        TimeSpan Hours(string name, TimeSpan otherwise) => reader.OptionalWhole(name, 1, MostHours) is { } hours ? TimeSpan.FromHours(hours) : otherwise;
    }

    /// <summary>The engine's options with what was said.</summary>
    public SettlementOptions ApplyTo(SettlementOptions options) =>
        options with
        {
            Confirmations = Confirmations ?? options.Confirmations,
            Agreement = Agreement ?? options.Agreement,
            LockWindow = LockWindow ?? options.LockWindow,
            Deadlines = Deadlines,
        };

    private static Confirmations? ReadConfirmations(IReadOnlyList<SettingsReader> items)
    {
        var levels = items.Select(i => (Unit: ReadUnit(i), Level: new ConfirmationLevel(ReadFrom(i), (int)(i.Whole("blocks", 0, MostBlocks) ?? 0)))).ToList();
        return levels.Count == 0
            ? null
            : new Confirmations
            {
                Least = levels.Where(l => l.Unit is null && l.Level.From == 0).Select(l => l.Level.Blocks).Append(0).Max(),
                Ada = [.. levels.Where(l => l.Unit is null && l.Level.From > 0).Select(l => l.Level).OrderBy(l => l.From)],
                Assets = levels
                    .Where(l => l.Unit is not null)
                    .GroupBy(l => l.Unit!.Value)
                    .ToImmutableDictionary(g => g.Key, g => g.Select(l => l.Level).OrderBy(l => l.From).ToImmutableArray()),
            };
    }

    private static AgreementRule? ReadAgreement(IReadOnlyList<SettingsReader> items)
    {
        var amounts = items.Select(i => (Unit: ReadUnit(i), From: ReadFrom(i))).ToList();
        return amounts.Count == 0
            ? null
            : new AgreementRule
            {
                From = amounts.Where(a => a.Unit is null).Select(a => (Lovelace?)new Lovelace((long)a.From)).Min() ?? AgreementRule.Default.From,
                Assets = amounts.Where(a => a.Unit is not null).GroupBy(a => a.Unit!.Value).ToImmutableDictionary(g => g.Key, g => g.Min(a => a.From)),
            };
    }

    private static Int128 ReadFrom(SettingsReader item) => item.Whole("from", 0, long.MaxValue) ?? 0;

    // Null: lovelace.
    private static AssetId? ReadUnit(SettingsReader item) =>
        item.OptionalText("unit", "lovelace, or a policy and a name in hex") is { } text && text != "lovelace"
            ? item.Parsed<AssetId?>("unit", text, t => AssetId.Parse(t), "lovelace, or a policy and a name in hex")
            : null;
}
