using System.Text.Json;
using System.Text.Json.Serialization;

namespace Masumi.Http;

[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(string))]
internal sealed partial class PathJson : JsonSerializerContext;
