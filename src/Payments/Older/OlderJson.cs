using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Masumi.Payments.Older;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class OlderJson : JsonSerializerContext;
