using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Storage.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Masumi.Payments;

/// <summary>The payment service as part of a host.</summary>
public static class PaymentsHosting
{
    /// <summary>Adds what the service works with, on top of settlement. The host provides the database with <see cref="KeyBook.Migrations"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="keyHash">How API keys are looked up.</param>
    /// <param name="rates">How many requests a key has that is no admin's.</param>
    /// <param name="olderNames">Whether older names are served.</param>
    /// <param name="payees">Where such a key may have money sent.</param>
    public static IServiceCollection AddMasumiPayments(
        this IServiceCollection services,
        ApiKeyHash keyHash,
        RequestRates rates,
        OlderNames olderNames,
        Payees payees
    ) =>
        services
            .AddRouting()
            .AddSingleton(keyHash)
            .AddSingleton<KeyBook>()
            .AddSingleton(rates)
            .AddSingleton(olderNames)
            .AddSingleton(payees)
            .AddSingleton<PaymentsServices>();

    /// <summary>Serves it (see <see cref="PaymentsApi"/>).</summary>
    public static void MapMasumiPayments(this WebApplication app) =>
        app.UsePaymentsApi(app.Services.GetRequiredService<PaymentsServices>(), app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("payments"));
}
