using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano.Metadata;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.PaymentService.Inbox;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Sources;
using Entries = Masumi.Contracts.Registry.Common;

namespace Masumi.Payments.Registry;

/// <summary>Registrations as rows of the API.</summary>
/// <param name="wallets">All there are, removed ones too.</param>
/// <param name="sources">All there are.</param>
/// <param name="tip">The height of the newest block; null when none is known.</param>
internal sealed class RegistryRows(IReadOnlyList<HotWallet> wallets, IReadOnlyList<PaymentSource> sources, long? tip)
{
    /// <summary>An agent's.</summary>
    public RegistryEntry Agent(RegistrationReport report)
    {
        var registration = report.Registration;
        var entry = EntryOf(registration);
        var paid = AgentEntries.SourcesOf(entry);
        var source = sources.FirstOrDefault(s => s.Id == registration.SourceId);
        return new RegistryEntry(
            registration.Error,
            registration.Id,
            registration.Name,
            entry.Description,
            AgentEntries.Shown(entry.Type),
            AgentEntries.UrlAs(entry, Entries.AgentEntryType.Standard),
            AgentEntries.UrlAs(entry, Entries.AgentEntryType.OpenApi),
            AgentEntries.UrlAs(entry, Entries.AgentEntryType.X402),
            new AgentCapability(entry.Capability?.Name, entry.Capability?.Version),
            AgentEntries.AuthorOf(entry),
            AgentEntries.LegalOf(entry),
            registration.State,
            entry.Tags,
            registration.CreatedAt,
            registration.UpdatedAt,
            registration.StateChangedAt,
            null,
            AgentEntries.ExamplesOf(entry),
            registration.AgentIdentifier?.ToString(),
            AgentEntries.PricingOf(entry, source?.Network ?? Network.Preprod),
            registration.Funding?.ToString(),
            paid,
            [.. (paid ?? []).Select((s, i) => IndexedSource.Of(i, s))],
            AgentEntries.VerificationsOf(entry),
            Wallet(registration.WalletId)!,
            Wallet(registration.RecipientWalletId),
            Transaction(report.Newest)
        )
        {
            Warnings = Warnings(entry, source?.FeePermille ?? 0) is { IsEmpty: false } some ? some : null,
        };
    }

    /// <summary>An inbox's.</summary>
    public InboxEntry Inbox(RegistrationReport report)
    {
        var registration = report.Registration;
        var reading = Entries.AgentMetadataReader.Read(Metadatum.FromCbor(Convert.FromHexString(registration.Entry)));
        var inbox =
            (reading as Entries.MetadataReading.Inbox)?.Metadata ?? throw new InvalidOperationException($"The entry of {registration.Id} is no inbox's.");
        return new InboxEntry(
            registration.Error,
            registration.Id,
            registration.Name,
            inbox.Description,
            inbox.Slug,
            registration.State,
            registration.CreatedAt,
            registration.UpdatedAt,
            registration.StateChangedAt,
            null,
            registration.AgentIdentifier?.ToString(),
            InboxVersion,
            registration.Funding?.ToString(),
            Wallet(registration.WalletId)!,
            Wallet(registration.RecipientWalletId),
            Transaction(report.Newest)
        );
    }

    /// <summary>What an agent's registration says on chain.</summary>
    public static Entries.AgentMetadata EntryOf(Registration registration) =>
        (Entries.AgentMetadataReader.Read(Metadatum.FromCbor(Convert.FromHexString(registration.Entry))) as Entries.MetadataReading.Agent)?.Metadata
        ?? throw new InvalidOperationException($"The entry of {registration.Id} cannot be read.");

    private const long InboxVersion = 1;

    private RegistryWallet? Wallet(string? id) =>
        wallets.FirstOrDefault(w => w.Id == id) is { } wallet ? new(wallet.KeyHash.ToString(), wallet.Address.ToString()) : null;

    private RegistryTransaction? Transaction(Attempt? attempt) =>
        attempt is null
            ? null
            : new(
                attempt.TxId.ToString(),
                attempt.State switch
                {
                    AttemptState.InBlock or AttemptState.Final => TransactionStatus.Confirmed,
                    AttemptState.Failed or AttemptState.Conflicted => TransactionStatus.RolledBack,
                    AttemptState.Expired => TransactionStatus.FailedViaTimeout,
                    _ => TransactionStatus.Pending,
                },
                attempt.Height is { } height && tip is { } newest ? Math.Max(0, newest - height + 1) : null,
                attempt.Fee.ToString(),
                attempt.Height,
                attempt.BlockTime?.ToUnixTimeSeconds()
            );

    // A price of ADA that the seller's own transactions eat up. V2 contracts take nothing of it.
    private static ImmutableArray<ProblemRow> Warnings(Entries.AgentMetadata entry, int permille)
    {
        var prices = (entry.PaymentSources ?? [])
            .Select((s, i) => ($"{i}", (s as Entries.PaymentSourceEntry.Cardano)?.Pricing, 0))
            .Append(("", entry.Pricing, permille));
        var warnings = ImmutableArray.CreateBuilder<ProblemRow>();
        foreach (var (index, pricing, taken) in prices)
        {
            if (
                pricing is Entries.AgentPricing.Fixed f
                && JobCosts.OfPrice([.. f.Amounts.Select(a => (a.Unit.Length == 0, a.Amount))], taken) is { Left: <= 0 } proceeds
            )
            {
                warnings.Add(Warning(index, proceeds, taken));
            }
        }

        return warnings.ToImmutable();
    }

    private static ProblemRow Warning(string index, JobProceeds proceeds, int permille)
    {
        var (price, costs) = (proceeds.Price.Amount, proceeds.Transactions.Amount + proceeds.ProtocolFee.Amount);
        var values = ImmutableSortedDictionary<string, string>
            .Empty.Add("price", Text(price))
            .Add("protocolFee", Text(proceeds.ProtocolFee.Amount))
            .Add("transactionFees", Text(proceeds.Transactions.Amount))
            .Add("left", Text(proceeds.Left))
            .Add("leastPrice", Text(proceeds.LeastPrice(permille)));
        return new(
            "price_below_costs",
            $"A job at {Text(price)} lovelace costs its seller some {Text(costs)} lovelace in fees.",
            $"Ask for more than {Text(proceeds.LeastPrice(permille))} lovelace, or for a token.",
            index.Length == 0 ? values : values.Add("supportedPaymentSourceIndex", index)
        );
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
