using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Chain;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Payments.Payments;
using Masumi.Payments.Purchases;
using Masumi.Payments.Registry;
using Masumi.Payments.Sources;
using Masumi.Payments.Wallets;
using Masumi.Protocol;
using Masumi.Settlement.Books;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Wallets;
using Masumi.Storage;
using Masumi.Storage.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Masumi.Payments;

/// <summary>What the payment service works with.</summary>
/// <param name="Database">For API keys.</param>
/// <param name="KeyHash">How API keys are looked up.</param>
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
public sealed record PaymentsServices(
    IDatabase Database,
    ApiKeyHash KeyHash,
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
    RepairLook Repairs
);

/// <summary>The payment service's HTTP API (port 3001).</summary>
public static class PaymentsApi
{
    /// <summary>The header of every answer that tells chain time: ISO 8601, UTC, with milliseconds, as <c>chainTime</c> of <c>GET /health</c>.</summary>
    public const string ChainTimeHeader = "X-Masumi-Chain-Time";

    /// <summary>The code of a 503 that says that a request needs the chain, which does not answer.</summary>
    public const string ChainUnavailable = "chain_unavailable";

    /// <summary>The code of a 503 that says that the service's database cannot be used now.</summary>
    public const string StorageUnavailable = "storage_unavailable";

    /// <summary>The tables of API keys.</summary>
    public static MigrationModule Migrations => ApiKeyStore.Migrations;

    /// <summary>
    /// Why a token cannot be the operator's admin key of a node that has been running, and what to do, in one line; null when it is an active admin key, or
    /// when there is none.
    /// </summary>
    public static async Task<string?> RefuseAdminKeyAsync(
        IDatabase database,
        ApiKeyHash keyHash,
        string token,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var keys = new ApiKeyStore(database, keyHash, time);
        return await keys.FindAsync(token, cancellation) switch
        {
            { IsActive: false } => "this key was revoked; another is needed",
            { CanAdmin: false } => "this key is no admin key; an admin key is needed",
            { } => null,
            null when await keys.HasAdminAsync(cancellation) =>
                "the database has another admin key; start with that, make a new one with POST /api-key (permission Admin), revoke the old one with DELETE /api-key, then set the new one here",
            null => null,
        };
    }

    /// <summary>Makes sure the operator's admin key exists; the same key again changes nothing.</summary>
    public static Task EnsureAdminKeyAsync(PaymentsServices services, string token, CancellationToken cancellation) =>
        new ApiKeyStore(services.Database, services.KeyHash, services.Time).AddAsync(
            new ApiKey
            {
                Id = services.Ids.Next(),
                Mask = "*****" + token[^4..],
                CanRead = true,
                CanPay = true,
                CanAdmin = true,
                UsageLimited = false,
                Networks = [Network.Preprod, Network.Mainnet],
                IsActive = true,
            },
            token,
            cancellation
        );

    /// <summary>Serves the API below <c>/api/v1</c>, its description at <c>/api-docs</c> and a readable page at <c>/docs</c>.</summary>
    public static void UsePaymentsApi(this WebApplication app, PaymentsServices services, ILogger logger)
    {
        var keys = new ApiKeyStore(services.Database, services.KeyHash, services.Time);
        var authentication = new KeyAuthentication(keys, services.Time, services.Ids);
        var context = new PaymentsContext(
            services.Deals,
            services.Registrations,
            services.Holdings,
            keys,
            authentication,
            new AgentDirectory(services.Chain, services.Time),
            services.Wallets,
            services.Clock,
            services.Ids,
            services.Settlement
        );
        var options = new ApiOptions<ApiKey>
        {
            BasePath = "/api/v1",
            Authenticate = authentication.AuthenticateAsync,
            Headers = new Dictionary<string, string>
            {
                ["Access-Control-Allow-Origin"] = "*",
                ["Access-Control-Allow-Headers"] = "*",
                ["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE, PATCH",
                ["Access-Control-Expose-Headers"] = ChainTimeHeader,
                ["Access-Control-Max-Age"] = "5000",
                ["X-Content-Type-Options"] = "nosniff",
                ["X-Frame-Options"] = "DENY",
                ["Referrer-Policy"] = "no-referrer",
            },
            Explain = e =>
                e switch
                {
                    ChainUnavailableException => ApiResult.Refuse(503, "The chain is not available") with { Code = ChainUnavailable },
                    StorageUnavailableException or CommitUnknownException => ApiResult.Refuse(503, "The database cannot be used now") with
                    {
                        Code = StorageUnavailable,
                    },
                    _ => null,
                },
            LiveHeaders = new Dictionary<string, Func<string>> { [ChainTimeHeader] = () => DealJson.Iso(services.Clock.GetUtcNow()) },
        };
        var endpoints = Deals(context, services.Chain).Concat(Administration(context)).ToList();
        app.UseApiDocumentation("Masumi Payment Service API", options.BasePath, endpoints);
        MapOperations(app, services, context, authentication, logger);
        app.UseWhen(http => http.GetEndpoint() is null, rest => rest.UseApi(options, endpoints, logger));
    }

    private static void MapOperations(WebApplication app, PaymentsServices services, PaymentsContext context, KeyAuthentication authentication, ILogger logger)
    {
        var service = new Masumi.Http.Service<ApiKey>(
            app,
            new Masumi.Http.ServiceOptions<ApiKey>
            {
                BasePath = "/api/v1",
                Words = Masumi.Protocol.Wire.IssueWords.Payment,
                Authenticate = async (http, access) =>
                {
                    var (caller, refusal) = await authentication.AuthenticateAsync(
                        http,
                        access switch
                        {
                            Masumi.Protocol.Wire.Access.Read => KeyAuthentication.Read,
                            Masumi.Protocol.Wire.Access.Pay => KeyAuthentication.Pay,
                            _ => KeyAuthentication.Admin,
                        }
                    );
                    return new Masumi.Http.Authenticated<ApiKey>(
                        caller,
                        refusal is null ? null : new Masumi.Protocol.Wire.RefusalKind(refusal.Status, "unauthorized", refusal.Message!).With()
                    );
                },
                Explain = e =>
                    e is ChainUnavailableException ? new Masumi.Protocol.Wire.RefusalKind(503, ChainUnavailable, "The chain is not available").With() : null,
            },
            logger
        );
        RegistryEndpoints.Map(service, context);
        Inbox.InboxEndpoints.Map(service, context);
        Signatures.SignatureEndpoints.Map(service, context);
        Quarantine.QuarantineEndpoints.Map(service, new Quarantine.QuarantineWatch(context, services.Unexplained, services.Repairs, context.Agents));
        Monitoring.MonitoringEndpoints.Map(service, new Monitoring.MonitoringWatch(context, services.Engine, context.Agents, services.Time));
    }

    private static IEnumerable<ApiEndpoint<ApiKey>> Deals(PaymentsContext context, IChain chain)
    {
        const string Read = KeyAuthentication.Read;
        const string Pay = KeyAuthentication.Pay;
        yield return new(
            "GET",
            "/health",
            null,
            "Says that the service lives, chain time, and whether the chain is available.",
            _ =>
                Task.FromResult(
                    ApiResult.Ok(
                        new JsonObject
                        {
                            ["status"] = "ok",
                            ["chainTime"] = DealJson.Iso(context.Clock.GetUtcNow()),
                            ["chain"] = chain.Problem is null ? "available" : "not available",
                        }
                    )
                )
        );

        var purchases = new DealQueries(context, DealSide.Purchase);
        var payments = new DealQueries(context, DealSide.Payment);
        var actions = new DealActions(context);
        yield return new(
            "POST",
            "/purchase",
            Pay,
            "Buys: verifies the seller's signed identifier and queues locking the funds.",
            new CreatePurchase(context).HandleAsync
        );
        yield return new("GET", "/purchase", Read, "Lists purchases, newest first.", purchases.ListAsync);
        yield return new("PATCH", "/purchase", Pay, "Older name of /purchase/request-refund.", actions.RequestRefundAsync);
        yield return new("GET", "/purchase/count", Read, "Counts purchases.", purchases.CountAsync);
        yield return new("GET", "/purchase/diff", Read, "Purchases changed since a time.", purchases.Diff(DiffStamp.Any));
        yield return new("GET", "/purchase/diff/next-action", Read, "Purchases whose next action changed.", purchases.Diff(DiffStamp.NextAction));
        yield return new(
            "GET",
            "/purchase/diff/onchain-state-or-result",
            Read,
            "Purchases whose on-chain state or result changed.",
            purchases.Diff(DiffStamp.State)
        );
        yield return new("POST", "/purchase/resolve-blockchain-identifier", Read, "One purchase by its identifier.", purchases.ResolveAsync);
        yield return new("POST", "/purchase/request-refund", Pay, "Asks for a refund on chain.", actions.RequestRefundAsync);
        yield return new(
            "POST",
            "/purchase/cancel-refund-request",
            Pay,
            "Releases a disputed escrow to the seller, for good.",
            actions.CancelRefundRequestAsync
        );

        yield return new("POST", "/payment", Pay, "Sells: signs the terms of a job and waits for the buyer's lock.", new CreatePayment(context).HandleAsync);
        yield return new("GET", "/payment", Read, "Lists payments, newest first.", payments.ListAsync);
        yield return new("GET", "/payment/count", Read, "Counts payments.", payments.CountAsync);
        yield return new("GET", "/payment/diff", Read, "Payments changed since a time.", payments.Diff(DiffStamp.Any));
        yield return new("GET", "/payment/diff/next-action", Read, "Payments whose next action changed.", payments.Diff(DiffStamp.NextAction));
        yield return new(
            "GET",
            "/payment/diff/onchain-state-or-result",
            Read,
            "Payments whose on-chain state or result changed.",
            payments.Diff(DiffStamp.State)
        );
        yield return new("POST", "/payment/resolve-blockchain-identifier", Read, "One payment by its identifier.", payments.ResolveAsync);
        yield return new("POST", "/payment/submit-result", Pay, "Queues putting the result's hash on chain.", actions.SubmitResultAsync);
        yield return new("POST", "/payment/authorize-refund", Pay, "Agrees to a refund on chain.", actions.AuthorizeRefundAsync);
    }

    private static IEnumerable<ApiEndpoint<ApiKey>> Administration(PaymentsContext context)
    {
        const string Read = KeyAuthentication.Read;
        const string Admin = KeyAuthentication.Admin;
        var keys = new KeyEndpoints(context);
        yield return new("GET", "/api-key-status", Read, "The calling key.", KeyEndpoints.StatusAsync);
        yield return new("GET", "/api-key", Admin, "Lists API keys.", keys.ListAsync);
        yield return new("POST", "/api-key", Admin, "Makes an API key; the only answer that shows it.", keys.CreateAsync);
        yield return new("DELETE", "/api-key", Admin, "Revokes an API key.", keys.DeleteAsync);

        var wallets = new WalletEndpoints(context);
        yield return new("GET", "/wallet", Admin, "One hot wallet, with its mnemonic when asked for.", wallets.GetAsync);
        yield return new("POST", "/wallet", Admin, "A fresh wallet, shown once and stored nowhere.", wallets.GenerateAsync);
        yield return new("PATCH", "/wallet", Admin, "Sets where a wallet's collected money goes.", wallets.SetCollectionAsync);
        yield return new("GET", "/wallet/list", Admin, "Lists hot wallets.", wallets.ListAsync);
        yield return new("GET", "/payment-source", Read, "Lists payment sources.", new SourceEndpoints(context).ListAsync);
    }
}
