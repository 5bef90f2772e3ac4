using System.Diagnostics;
using System.Text.RegularExpressions;
using Masumi.Protocol.PaymentService;
using Masumi.Tests;

namespace Masumi.Protocol.Tests.PaymentService;

/// <summary>Our document beside that of the network's own payment service, compared by a tool that is not ours.</summary>
public sealed partial class ReferenceDocumentTests
{
    [Fact]
    public async Task What_a_client_of_the_networks_own_service_sees_differs_only_where_the_page_of_compatibility_says_so()
    {
        var tool = SharedData.Require("..", "tools", "openapi-diff.py");
        var reference = SharedData.Require("..", "reference", "payment-service.openapi.json");
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not here");
        var ours = Path.GetTempFileName();
        await File.WriteAllTextAsync(ours, PaymentOperations.Document.Of(PaymentOperations.All).ToJsonString(), TestContext.Current.CancellationToken);
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [tool, ours, reference]) { RedirectStandardOutput = true })!;
        var lines = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.Delete(ours);

        var differences = lines[..^1].Where(l => !l.StartsWith("extra-operation", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(differences, l => l.StartsWith("missing-operation", StringComparison.Ordinal) && !NotServed().IsMatch(l));
        Assert.Equal(
            [
                "limit: PATCH /api-key body.status: default ours None, reference Active",
                "limit: PATCH /api-key body.usageLimited: default ours None, reference True",
                "limit: POST /api-key body.usageLimited: default ours None, reference true",
                "limit: POST /payment body.payByTime: default ours None, reference 1970-01-01T12:00:00.000Z",
                "limit: POST /payment body.submitResultTime: default ours None, reference 1970-01-01T12:00:00.000Z",
                "nullable: DELETE /registry 200.data.apiBaseUrl: ours True, reference False",
                "nullable: GET /registry 200.data.Assets[].apiBaseUrl: ours True, reference False",
                "nullable: GET /registry/diff 200.data.Assets[].apiBaseUrl: ours True, reference False",
                "nullable: POST /registry 200.data.apiBaseUrl: ours True, reference False",
                "nullable: POST /registry/deregister 200.data.apiBaseUrl: ours True, reference False",
                "nullable: POST /registry/update 200.data.apiBaseUrl: ours True, reference False",
                "required: POST /registry body.apiBaseUrl: ours False, reference True",
                "required: POST /registry/update body.apiBaseUrl: ours False, reference True",
            ],
            differences.Where(l => !l.StartsWith("missing-operation", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
    }

    [GeneratedRegex(" /(x402|swap|invoice|webhooks)\\b|/signature/sign/create-invoice")]
    private static partial Regex NotServed();
}
