using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Masumi.Bench.Api;

/// <summary>A server that always answers the same: what server, client and machine can do when nothing is done.</summary>
internal static class ConstantAnswer
{
    /// <summary>Runs until its input ends.</summary>
    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var answer = """{"status":"success","data":{"id":"cmk2v9q0h0001l8f3c5n7x2ab"}}"""u8.ToArray();
        app.MapGet(
            "/",
            (RequestDelegate)(
                http =>
                {
                    http.Response.ContentType = "application/json";
                    http.Response.ContentLength = answer.Length;
                    return http.Response.Body.WriteAsync(answer).AsTask();
                }
            )
        );
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }
}
