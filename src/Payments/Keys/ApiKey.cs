using System.Collections.Immutable;
using System.Globalization;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Keys;
using Masumi.Protocol.Tokens;
using Masumi.Protocol.Wire;

namespace Masumi.Payments.Keys;

/// <summary>An API key without its secret.</summary>
internal sealed record ApiKey
{
    /// <summary>What a key may have out in deposits where nobody said otherwise (decision 14).</summary>
    public const long UsualOpenLovelace = 50_000_000;

    /// <summary>What a key may spend on fees in a day where nobody said otherwise (decision 14).</summary>
    public const long UsualFeesPerDay = 5_000_000;

    public required string Id { get; init; }

    /// <summary>Five stars and the last four characters.</summary>
    public required string Mask { get; init; }

    public required bool CanRead { get; init; }

    public required bool CanPay { get; init; }

    public required bool CanAdmin { get; init; }

    public required bool UsageLimited { get; init; }

    /// <summary>The Cardano networks where it may be used.</summary>
    public required ImmutableArray<Network> Networks { get; init; }

    /// <summary>CAIP-2 ids of the other chains where it may be used.</summary>
    public ImmutableArray<string> ChainIds { get; init; } = [];

    public required bool IsActive { get; init; }

    /// <summary>Whether it may use the wallets of its scope only.</summary>
    public bool HasScope { get; init; }

    /// <summary>Ids of the hot wallets it is meant for; they count where <see cref="HasScope"/>.</summary>
    public ImmutableArray<string> Scope { get; init; } = [];

    /// <summary>Unit (empty for lovelace) and what is left.</summary>
    public ImmutableArray<KeyValuePair<string, long>> Credits { get; init; } = [];

    /// <summary>What it may have out in deposits at one time.</summary>
    public long OpenLovelace { get; init; } = UsualOpenLovelace;

    /// <summary>What it may spend on fees in a day.</summary>
    public long FeesPerDay { get; init; } = UsualFeesPerDay;

    /// <summary>The wallets it may use; null for all.</summary>
    public ImmutableArray<string>? Wallets => HasScope && !CanAdmin ? Scope : null;

    /// <summary>Whether its price is taken off credits.</summary>
    public bool IsLimited => UsageLimited && !CanAdmin;

    // No unit means one token here and another one there.
    private ImmutableArray<Network> Known => CanAdmin ? [Network.Mainnet, Network.Preprod] : Networks;

    /// <summary>Each right includes those before it.</summary>
    public bool Grants(Access access) =>
        access switch
        {
            Access.Open => true,
            Access.Read => CanRead || CanPay || CanAdmin,
            Access.Pay => CanPay || CanAdmin,
            _ => CanAdmin,
        };

    public bool Allows(Network network) => CanAdmin || Networks.Contains(network);

    /// <summary>Whether it may speak of another chain, by its CAIP-2 id.</summary>
    public bool Allows(string chainId) => CanAdmin || ChainIds.Contains(chainId);

    public bool MayUse(string walletId) => Wallets is not { } wallets || wallets.Contains(walletId);

    public ApiKeyRow ToRow() =>
        new(
            Id,
            Mask,
            CanAdmin ? KeyPermission.Admin
                : CanPay ? KeyPermission.ReadAndPay
                : KeyPermission.Read,
            Grants(Access.Read),
            Grants(Access.Pay),
            CanAdmin,
            IsLimited,
            Known,
            [.. Known.Select(n => $"cardano:{Word.Text(n).ToLowerInvariant()}"), .. ChainIds],
            [.. Credits.Select(CreditOf)],
            IsActive ? KeyStatus.Active : KeyStatus.Revoked,
            HasScope,
            [.. Scope.Select(id => new WalletScopeRow(id))],
            new KeyOverhead(Text(OpenLovelace), Text(FeesPerDay))
        );

    private CreditRow CreditOf(KeyValuePair<string, long> credit)
    {
        var token = Unit.TryParse(credit.Key, out var unit) ? Known.Select(n => Token.Find(unit, n)).FirstOrDefault(t => t is not null) : null;
        return new CreditRow(credit.Key, Text(credit.Value), token?.Symbol, token?.Decimals);
    }

    private static string Text(long amount) => amount.ToString(CultureInfo.InvariantCulture);
}
