using System.CommandLine;
using Masumi.Chain;
using Masumi.Chain.Blockfrost;

namespace Masumi.Node.Verbs;

/// <summary>A chain provider, as the verbs take it. Its key comes from the environment: no secret stands on a command line.</summary>
internal sealed class ChainOptions
{
    private const string KeyVariable = "BLOCKFROST_PROJECT_ID";

    private readonly Option<string?> _url = new("--chain")
    {
        Description = $"The chain provider's Blockfrost-compatible API, with its path (key: environment variable {KeyVariable}).",
    };

    public ChainOptions(bool required) => _url.Required = required;

    public void AddTo(Command command) => command.Add(_url);

    /// <summary>True when a provider is named.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_url) is not null;

    /// <summary>A client of the provider; the caller disposes it. Throws <see cref="FormatException"/> when none is named.</summary>
    public ProvidedChain Open(ParseResult parsed) =>
        BlockfrostChain.Open(
            new BlockfrostOptions
            {
                BaseUrl =
                    Uri.TryCreate(parsed.GetValue(_url), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                        ? url
                        : throw new FormatException("--chain must name a chain provider's URL"),
                ProjectId = Environment.GetEnvironmentVariable(KeyVariable) ?? "",
            },
            TimeProvider.System
        );
}
