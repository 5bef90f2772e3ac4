using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Protocol.Wire;

/// <summary>The OpenAPI document of a service, made of its operations.</summary>
/// <param name="Title">What the service is called.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Server">Where its operations are, relative to the document's page.</param>
/// <param name="KeyHeader">The header that carries the API key.</param>
public sealed record OpenApiDocument(string Title, string Description, string Server, string KeyHeader)
{
    private const string Scheme = "API-Key";
    private const string Json = "application/json";

    /// <summary>The document, in OpenAPI 3.0.</summary>
    public JsonObject Of(IEnumerable<Operation> operations)
    {
        var schemas = new SchemaBook();
        var paths = new JsonObject();
        foreach (var group in operations.GroupBy(o => o.Path, StringComparer.Ordinal))
        {
            var item = new JsonObject();
            foreach (var operation in group)
            {
                item[operation.Verb.ToLowerInvariant()] = Describe(operation, schemas);
            }

            paths[group.Key] = item;
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject
            {
                ["title"] = Title,
                ["version"] = "1.0.0",
                ["description"] = Description,
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = Server }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    [Scheme] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "header",
                        ["name"] = KeyHeader,
                        ["description"] = "An API key of this node.",
                    },
                },
                ["schemas"] = new JsonObject(schemas.Schemas.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Key, s.Value))),
                ["responses"] = new JsonObject { ["Refused"] = Refused() },
            },
        };
    }

    private static JsonObject Describe(Operation operation, SchemaBook schemas)
    {
        var described = new JsonObject
        {
            ["operationId"] = operation.Name,
            ["tags"] = new JsonArray(operation.Tag),
            ["summary"] =
                $"{operation.Summary} ({(operation.Access == Access.Open ? "no key needed" : $"needs a key that may {operation.Access.ToString().ToLowerInvariant()}")})",
        };
        if (operation.Description is { } description)
        {
            described["description"] = description;
        }

        described["security"] = operation.Access == Access.Open ? [] : new JsonArray(new JsonObject { [Scheme] = new JsonArray() });
        var members = ((IRecordShape)operation.RequestShape).Members;
        if (operation.IsQuery)
        {
            described["parameters"] = new JsonArray([.. members.Select(m => (JsonNode?)Parameter(operation, m, schemas))]);
        }
        else if (operation.RequestShape != Nothing.Shape)
        {
            described["requestBody"] = new JsonObject
            {
                ["required"] = members.Any(m => !m.IsOptional),
                ["content"] = Content(operation.RequestShape.Describe(schemas), operation.RequestJson),
            };
        }

        described["responses"] = Responses(operation, schemas);
        return described;
    }

    private static JsonObject Parameter(Operation operation, MemberDeclaration member, SchemaBook schemas)
    {
        var parameter = new JsonObject
        {
            ["name"] = member.Name,
            ["in"] = operation.IsInPath(member.Name) ? "path" : "query",
            ["required"] = !member.IsOptional,
        };
        if (member.Text is not null)
        {
            parameter["description"] = member.Text;
        }

        parameter["schema"] = (member with { Text = null }).Describe(schemas);
        return parameter;
    }

    private static JsonObject Responses(Operation operation, SchemaBook schemas)
    {
        var responses = new JsonObject
        {
            ["200"] = new JsonObject
            {
                ["description"] = "Done.",
                ["content"] = Content(
                    Envelope("success", "data", operation.AnswerShape.Describe(schemas), operation.IsStatusClosed),
                    operation.AnswerJson is { } example ? new JsonObject { ["status"] = "success", ["data"] = example } : null
                ),
            },
        };
        foreach (var status in operation.Refusals.GroupBy(r => r.Status).OrderBy(g => g.Key))
        {
            responses[status.Key.ToString(CultureInfo.InvariantCulture)] = new JsonObject
            {
                ["description"] = string.Join(" · ", status.Select(r => $"{r.Message} ({r.Code})")),
                ["content"] = Content(RefusedSchema(status.FirstOrDefault(r => r.Row is not null)?.Row?.Describe(schemas)), null),
            };
        }

        responses["default"] = new JsonObject { ["$ref"] = "#/components/responses/Refused" };
        return responses;
    }

    private static JsonObject Refused() =>
        new() { ["description"] = "Refused, or failed: a sentence for people, a code for programs.", ["content"] = Content(RefusedSchema(), null) };

    private static JsonObject RefusedSchema(JsonObject? row = null)
    {
        var schema = Envelope(
            "error",
            "error",
            new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["message"] = new JsonObject { ["type"] = "string" },
                    ["code"] = new JsonObject { ["type"] = "string" },
                },
                ["required"] = new JsonArray("message"),
            }
        );
        if (row is not null)
        {
            schema["properties"]!["id"] = new JsonObject { ["type"] = "string" };
            schema["properties"]!["object"] = row;
        }

        return schema;
    }

    private static JsonObject Envelope(string status, string member, JsonObject schema, bool isClosed = false)
    {
        var word = new JsonObject { ["type"] = "string" };
        word[isClosed ? "enum" : "example"] = isClosed ? new JsonArray(status) : status;
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["status"] = word, [member] = schema },
            ["required"] = new JsonArray("status", member),
        };
    }

    private static JsonObject Content(JsonObject schema, JsonNode? example)
    {
        var content = new JsonObject { ["schema"] = schema };
        if (example is not null)
        {
            content["example"] = example;
        }

        return new JsonObject { [Json] = content };
    }
}
