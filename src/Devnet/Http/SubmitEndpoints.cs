using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;

namespace Masumi.Devnet.Http;

/// <summary>/tx/submit and /utils/txs/evaluate (spec cardano.md 11.3, 11.4).</summary>
internal static class SubmitEndpoints
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Raw transaction bytes, or their hex.</summary>
    public static ApiResponse Submit(DevnetChain chain, ApiRequest request)
    {
        if (request.ContentType?.StartsWith("application/cbor", StringComparison.OrdinalIgnoreCase) != true)
        {
            return ApiResponse.Error(415, "Unsupported Media Type", "Content-Type must be application/cbor.");
        }

        if (TryDecode(FromHex(request.Body) ?? request.Body, out var transaction, out var problem) is false)
        {
            return ApiResponse.BadRequest(
                Envelope(
                    "TxSubmitFail",
                    new JsonObject { ["contents"] = new JsonArray($"DecoderErrorDeserialiseFailure {problem}"), ["tag"] = "TxCmdTxReadError" }
                )
            );
        }

        return chain.Submit(transaction!) switch
        {
            DevnetSubmission.Accepted accepted => ApiResponse.Ok(JsonValue.Create($"{accepted.TxId}")),
            DevnetSubmission.Refused refused => ApiResponse.BadRequest(
                Envelope(
                    "TxSubmitFail",
                    new JsonObject
                    {
                        ["contents"] = new JsonObject
                        {
                            ["contents"] = new JsonObject
                            {
                                ["kind"] = "ShelleyTxValidationError",
                                ["error"] = new JsonArray([.. refused.Failures.Select(f => JsonValue.Create($"{f}"))]),
                                ["era"] = "ShelleyBasedEraConway",
                            },
                            ["tag"] = "TxValidationErrorInCardanoMode",
                        },
                        ["tag"] = "TxCmdTxSubmitValidationError",
                    }
                )
            ),
            _ => ApiResponse.Error(425, "Mempool Full", "Mempool is full, please try resubmitting again later."),
        };
    }

    /// <summary>The transaction in hex or base64; answers like Ogmios, version 5 or 6.</summary>
    public static ApiResponse Evaluate(DevnetChain chain, ApiRequest request)
    {
        var version = request.Query.GetValueOrDefault("version", "5");
        if (version is not ("5" or "6"))
        {
            return ApiResponse.BadRequest("querystring/version must be equal to one of the allowed values");
        }

        if (TryDecode(FromHex(request.Body) ?? FromBase64(request.Body) ?? request.Body, out var transaction, out var problem) is false)
        {
            return ApiResponse.BadRequest($"Not a transaction: {problem}");
        }

        var evaluation = chain.Evaluate(transaction!, [], out var unknown);
        return ApiResponse.Ok(version == "5" ? EvaluationJson.Version5(evaluation, unknown) : EvaluationJson.Version6(evaluation, unknown));
    }

    private static bool TryDecode(ReadOnlyMemory<byte> bytes, out Transaction? transaction, out string problem)
    {
        (transaction, problem) = (null, "");
        try
        {
            transaction = Transaction.FromCbor(bytes);
            return true;
        }
        catch (CborFormatException e)
        {
            problem = e.Message;
            return false;
        }
    }

    private static byte[]? FromHex(ReadOnlyMemory<byte> body)
    {
        var text = body.Span.Trim(" \r\n"u8);
        return text.Length > 0 && text.Length % 2 == 0 && text.IndexOfAnyExcept(HexDigits) < 0 ? Convert.FromHexString(Encoding.ASCII.GetString(text)) : null;
    }

    private static byte[]? FromBase64(ReadOnlyMemory<byte> body)
    {
        var text = body.Span.Trim(" \r\n"u8);
        return text.Length > 0 && Base64.IsValid(text) ? Convert.FromBase64String(Encoding.ASCII.GetString(text)) : null;
    }

    private static string Envelope(string tag, JsonNode contents) => new JsonObject { ["contents"] = contents, ["tag"] = tag }.ToJsonString();
}
