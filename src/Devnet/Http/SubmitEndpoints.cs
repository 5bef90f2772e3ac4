using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Http;

/// <summary>/tx/submit and /utils/txs/evaluate (spec cardano.md 11.3, 11.4).</summary>
internal static class SubmitEndpoints
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Raw transaction bytes, or their hex.</summary>
    public static ApiResponse Submit(ChainReader chain, RefusalLog refusals, ApiRequest request)
    {
        if (request.ContentType?.StartsWith("application/cbor", StringComparison.OrdinalIgnoreCase) != true)
        {
            return ApiResponse.Error(415, "Unsupported Media Type", "Content-Type must be application/cbor.");
        }

        if (!TryDecode(FromHex(request.Body) ?? request.Body, out var transaction, out var problem))
        {
            return ApiResponse.BadRequest(
                Envelope(
                    "TxSubmitFail",
                    new JsonObject { ["contents"] = new JsonArray($"DecoderErrorDeserialiseFailure {problem}"), ["tag"] = "TxCmdTxReadError" }
                )
            );
        }

        var submission = chain.Submit(transaction!);
        ImmutableArray<string> words = [];
        if (submission is DevnetSubmission.Refused { Failures: var failures })
        {
            // A script says only that it refuses; who knows the contract says why.
            words = failures.Any(f => f.Rule == LedgerRule.Utxos) ? chain.Explain(transaction!, chain.View.MempoolState.Find)?.Refusals ?? [] : [];
            refusals.Add(new RefusedTransaction(transaction!, failures, words, chain.Clock.GetUtcNow()));
        }

        return submission switch
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
                                // The node's own words first, as clients read them.
                                ["error"] = new JsonArray([.. refused.Failures.Select(f => $"{f}").Concat(words).Select(text => JsonValue.Create(text))]),
                                ["era"] = "ShelleyBasedEraConway",
                            },
                            ["tag"] = "TxValidationErrorInCardanoMode",
                        },
                        ["tag"] = "TxCmdTxSubmitValidationError",
                    }
                )
            ),
            DevnetSubmission.AnswerLost => ApiResponse.Lost,
            _ => ApiResponse.Error(425, "Mempool Full", "Mempool is full, please try resubmitting again later."),
        };
    }

    /// <summary>The transaction in hex or base64 (or as bytes); answers like Ogmios, version 5 or 6.</summary>
    public static ApiResponse Evaluate(ChainReader chain, ApiRequest request) =>
        Evaluate(chain, request, FromHex(request.Body) ?? FromBase64(request.Body) ?? request.Body, []);

    /// <summary>JSON: <c>cbor</c>, the transaction in hex or base64, and <c>additionalUtxoSet</c>, outputs to know besides the ledger's.</summary>
    public static ApiResponse EvaluateWithUtxos(ChainReader chain, ApiRequest request)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            if (
                document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("cbor", out var cbor)
                || cbor.ValueKind != JsonValueKind.String
            )
            {
                return ApiResponse.BadRequest("body must have required property 'cbor'");
            }

            var text = Encoding.UTF8.GetBytes(cbor.GetString()!);
            return (FromHex(text) ?? FromBase64(text)) is { } bytes
                ? Evaluate(chain, request, bytes, AdditionalUtxos.Read(document.RootElement))
                : ApiResponse.BadRequest("cbor: neither hex nor base64.");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // The parser calls half a surrogate pair an invalid operation.
            return ApiResponse.BadRequest(e.Message);
        }
    }

    private static ApiResponse Evaluate(ChainReader chain, ApiRequest request, ReadOnlyMemory<byte> cbor, IReadOnlyCollection<Utxo> additional)
    {
        var version = request.Query.GetValueOrDefault("version", "5");
        if (version is not ("5" or "6"))
        {
            return ApiResponse.BadRequest("querystring/version must be equal to one of the allowed values");
        }

        if (!TryDecode(cbor, out var transaction, out var problem))
        {
            return ApiResponse.BadRequest($"Not a transaction: {problem}");
        }

        var state = chain.View.MempoolState;
        var given = additional.ToDictionary(u => u.Input, u => u.Output);
        var evaluation = chain.Evaluate(transaction!, additional, out var unknown);
        var problems = unknown.IsEmpty ? RedeemerProblem.Find(transaction!, i => state.Find(i) ?? given.GetValueOrDefault(i)) : [];
        return ApiResponse.Ok(version == "5" ? EvaluationJson.Version5(evaluation, unknown, problems) : EvaluationJson.Version6(evaluation, unknown, problems));
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
