using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Signatures;

namespace Masumi.Payments.Signatures;

/// <summary>Signatures over HTTP.</summary>
internal static class SignatureEndpoints
{
    public static void Map(Service<ApiKey> service, PaymentsContext context)
    {
        var signatures = new WalletSignatures(context);
        service.Map(SignatureOperations.VerifyReveal, (request, call) => signatures.VerifyRevealAsync(request, call.Caller, call.Cancellation));
        service.Map(SignatureOperations.SignPublication, (request, call) => signatures.SignPublicationAsync(request, call.Caller, call.Cancellation));
    }
}
