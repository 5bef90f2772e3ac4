using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService;
using Masumi.Protocol.Wire;

namespace Masumi.Payments.NotServed;

/// <summary>
/// Operations of the network's other nodes that this one does not have: who calls one learns that from a code, instead of taking it for a wrong address.
/// </summary>
internal static class NotServedEndpoints
{
    private static readonly string[] Verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    private static readonly (string Path, string Group)[] Groups =
    [
        ("/x402/{**rest}", "x402 on EVM chains"),
        ("/swap/{**rest}", "swaps"),
        ("/invoice/{**rest}", "invoices"),
        ("/signature/sign/create-invoice/{**rest}", "invoices"),
    ];

    private static readonly RecordShape<Anything> Shape = Shapes.Record<Anything>(_ => new Anything());

    public static void Map(Service<ApiKey> service)
    {
        foreach (var (path, group) in Groups)
        {
            foreach (var verb in Verbs)
            {
                service.MapUnlisted(
                    new Operation<Anything, Anything>(verb, path, Access.Read, "notServed", "not-served", "Not served", Shape, Shape),
                    (_, _) => Task.FromResult<Reply<Anything>>(AccessRefusals.NotServed.With(("group", group)))
                );
            }
        }
    }

    // Whatever is sent.
    private sealed record Anything;
}
