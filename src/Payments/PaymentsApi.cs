using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano.Addresses;
using Masumi.Chain;
using Masumi.Http;
using Masumi.Http.Documentation;
using Masumi.Payments.Deals;
using Masumi.Payments.Funds;
using Masumi.Payments.Health;
using Masumi.Payments.Inbox;
using Masumi.Payments.Keys;
using Masumi.Payments.Monitoring;
using Masumi.Payments.NotServed;
using Masumi.Payments.Older;
using Masumi.Payments.Payments;
using Masumi.Payments.Purchases;
using Masumi.Payments.Quarantine;
using Masumi.Payments.RailReadiness;
using Masumi.Payments.Registry;
using Masumi.Payments.Signatures;
using Masumi.Payments.Sources;
using Masumi.Payments.Wallets;
using Masumi.Protocol.PaymentService;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Books;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Wallets;
using Masumi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Masumi.Payments;

/// <summary>What the payment service works with.</summary>
/// <param name="Keys">API keys.</param>
/// <param name="Deals">Purchases and payments.</param>
/// <param name="Registrations">This node's agents.</param>
/// <param name="Holdings">Wallets and sources.</param>
/// <param name="Chain">For agents' tokens and metadata.</param>
/// <param name="Wallets">For signing identifiers.</param>
/// <param name="Clock">Chain time.</param>
/// <param name="Time">Real time.</param>
/// <param name="Ids">Ids.</param>
/// <param name="Settlement">How deals are judged.</param>
/// <param name="Engine">Looks again when asked.</param>
/// <param name="Unexplained">What was read and not explained.</param>
/// <param name="Repairs">What a transaction would make of a deal.</param>
/// <param name="Rates">How many requests a key has that is no admin's.</param>
/// <param name="Balances">Rules about wallets' balances.</param>
/// <param name="Treasury">Money that moves without a deal.</param>
/// <param name="OlderNames">Whether older names are served.</param>
/// <param name="Payees">Where a key that is no admin's may have money sent.</param>
/// <param name="Locks">Builds locks for wallets elsewhere.</param>
public sealed record PaymentsServices(
    KeyBook Keys,
    DealBook Deals,
    RegistrationBook Registrations,
    Holdings Holdings,
    IChain Chain,
    Keyring Wallets,
    ChainClock Clock,
    TimeProvider Time,
    IdSource Ids,
    SettlementOptions Settlement,
    Reconciliation Engine,
    UnexplainedTransactions Unexplained,
    RepairLook Repairs,
    RequestRates Rates,
    BalanceBook Balances,
    Treasury Treasury,
    OlderNames OlderNames,
    Payees Payees,
    UnsignedLocks Locks
);

/// <summary>Names that clients of earlier generations call operations by (spec payment-service-api.md 9.4).</summary>
/// <param name="AreServed">Whether they are served.</param>
public sealed record OlderNames(bool AreServed = true);

/// <summary>Where a key that is no admin's may have money sent, besides this node's own wallets and where those collect (decision 15).</summary>
/// <param name="Addresses">What the operator's settings name.</param>
public sealed record Payees(ImmutableHashSet<Address> Addresses)
{
    /// <summary>Nowhere else.</summary>
    public static Payees None { get; } = new([]);
}

/// <summary>The payment service's HTTP API (port 3001).</summary>
public static class PaymentsApi
{
    /// <summary>The header of every answer that tells chain time: ISO 8601, UTC, with milliseconds, as <c>chainTime</c> of <c>GET /health</c>.</summary>
    public const string ChainTimeHeader = "X-Masumi-Chain-Time";

    /// <summary>The code of a 503 that says that a request needs the chain, which does not answer.</summary>
    public const string ChainUnavailable = "chain_unavailable";

    /// <summary>The code of a 503 that says that the service's database cannot be used now.</summary>
    public const string StorageUnavailable = "storage_unavailable";

    private static readonly Dictionary<string, string> Headers = new()
    {
        ["Access-Control-Allow-Origin"] = "*",
        ["Access-Control-Allow-Headers"] = "*",
        ["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE, PATCH",
        ["Access-Control-Expose-Headers"] = ChainTimeHeader,
        ["Access-Control-Max-Age"] = "5000",
        ["X-Content-Type-Options"] = "nosniff",
        ["X-Frame-Options"] = "DENY",
        ["Referrer-Policy"] = "no-referrer",
    };

    /// <summary>Serves the API below <c>/api/v1</c>, its description at <c>/api-docs</c> and a readable page at <c>/docs</c>.</summary>
    public static void UsePaymentsApi(this WebApplication app, PaymentsServices services, ILogger logger)
    {
        var authentication = new KeyAuthentication(services.Keys, services.Time, services.Ids);
        var context = new PaymentsContext(
            services.Deals,
            services.Registrations,
            services.Holdings,
            authentication,
            services.Keys,
            new AgentDirectory(services.Chain, services.Time),
            services.Wallets,
            services.Clock,
            services.Ids,
            services.Settlement,
            services.Engine,
            services.Payees.Addresses
        );
        var service = new Service<ApiKey>(app, Options(services, authentication), logger);
        app.Lifetime.ApplicationStopped.Register(service.Dispose);
        HealthEndpoints.Map(service, services.Clock, services.Chain);
        KeyEndpoints.Map(service, new ApiKeys(services.Keys, services.Holdings, services.Ids));
        PaymentEndpoints.Map(service, context, new UnsignedLockDesk(context, services.Locks), services.OlderNames.AreServed);
        PurchaseEndpoints.Map(service, context, services.OlderNames.AreServed);
        RegistryEndpoints.Map(service, context);
        InboxEndpoints.Map(service, context);
        SignatureEndpoints.Map(service, context);
        QuarantineEndpoints.Map(service, new QuarantineWatch(context, services.Unexplained, services.Repairs, context.Agents));
        MonitoringEndpoints.Map(service, new MonitoringWatch(context, services.Engine, context.Agents, services.Time));
        var money = new MoneyContext(
            services.Holdings,
            services.Balances,
            services.Treasury,
            services.Wallets,
            authentication,
            services.Chain,
            services.Clock,
            services.Time,
            services.Ids
        );
        WalletEndpoints.Map(service, money);
        FundEndpoints.Map(service, money);
        SourceEndpoints.Map(service, money);
        RailReadinessEndpoints.Map(service, context);
        NotServedEndpoints.Map(service);
        service.Close();
        app.MapDocumentation(PaymentOperations.Document, service.Served);
    }

    private static ServiceOptions<ApiKey> Options(PaymentsServices services, KeyAuthentication authentication) =>
        new()
        {
            BasePath = "/api/v1",
            Words = IssueWords.Payment,
            Authenticate = authentication.AuthenticateAsync,
            CountedAs = key => key.CanAdmin ? null : key.Id,
            Rates = services.Rates,
            Rewrite = services.OlderNames.AreServed ? OlderMembers.Rewrite : static (_, _) => (null, null),
            Headers = Headers,
            Explain = e =>
                e switch
                {
                    ChainUnavailableException => AccessRefusals.ChainUnavailable.With(),
                    StorageUnavailableException or CommitUnknownException => AccessRefusals.StorageUnavailable.With(),
                    _ => null,
                },
            LiveHeaders = new Dictionary<string, Func<string>> { [ChainTimeHeader] = () => ChainTimeText(services.Clock) },
        };

    private static string ChainTimeText(ChainClock clock) =>
        clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
