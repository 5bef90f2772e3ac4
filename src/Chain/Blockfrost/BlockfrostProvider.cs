using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;

namespace Masumi.Chain.Blockfrost;

/// <summary>
/// A Blockfrost-compatible HTTP API as one source of answers (spec cardano.md 11). Transactions and scripts are verified against the hash they were asked by,
/// so a faulty endpoint can withhold them but not change them; lists, amounts and places are the endpoint's word. Nothing is asked twice here: limits,
/// repetition and following are for those above.
/// </summary>
/// <remarks>
/// HTTP calls: one a question, except a transaction (2, or 1 when it was read before), a page of unspent outputs (+ 1 per reference script that was not read
/// before) and metadata (2). Safe for concurrent use.
/// </remarks>
public sealed partial class BlockfrostProvider : IChainProvider, IDisposable
{
    private const int RowsPerPage = 100;
    private const int ReadAhead = 8;
    private const int MaxPages = 20_000;
    private const int CachedTransactions = 1_024;
    private const int MaxScripts = 256;
    private readonly BlockfrostHttp _http;
    private readonly BlockfrostOptions _options;
    private readonly HttpClient? _owned;
    private readonly TransactionCache _transactions = new(CachedTransactions);
    private readonly ConcurrentDictionary<ScriptHash, Script> _scripts = new();

    /// <summary>
    /// Over an HTTP client the caller owns. Throws <see cref="ArgumentException"/> when the project id would be sent in clear text to a foreign host.
    /// </summary>
    /// <param name="http">Should not follow redirects: they would carry the project id elsewhere.</param>
    /// <param name="options">The endpoint.</param>
    /// <param name="time">For timeouts: real time, also where a devnet's clock is moved.</param>
    public BlockfrostProvider(HttpClient http, BlockfrostOptions options, TimeProvider time)
    {
        if (!string.IsNullOrEmpty(options.ProjectId) && KeyTransport.Refusal(options.BaseUrl, options.ClearTextHosts) is { } refusal)
        {
            throw new ArgumentException($"The chain provider's address cannot be used: {refusal}.", nameof(options));
        }

        _options = options;
        _http = new BlockfrostHttp(http, options, time);
    }

    private BlockfrostProvider(BlockfrostOptions options, TimeProvider time, HttpClient owned)
        : this(owned, options, time)
    {
        _owned = owned;
    }

    /// <summary>
    /// With an HTTP client of its own, set up as it should be. Dispose it. Throws <see cref="ArgumentException"/> when the project id would be sent in clear
    /// text to a foreign host.
    /// </summary>
    public static BlockfrostProvider Create(BlockfrostOptions options, TimeProvider time)
    {
#pragma warning disable CA2000 // Owned by the provider.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = options.CallTimeout,
        };
        return new BlockfrostProvider(options, time, new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan });
#pragma warning restore CA2000
    }

    /// <inheritdoc/>
    public string Name => _options.Name ?? _options.BaseUrl.Authority;

    /// <inheritdoc/>
    public int PageSize => RowsPerPage;

    /// <inheritdoc/>
    public async Task<BlockHeader> GetTipAsync(CancellationToken cancellation)
    {
        const string Path = "/blocks/latest";
        var json = await ReadAsync(Path, cancellation).ConfigureAwait(false);
        return Understand(Path, () => BlockfrostJson.Block(json));
    }

    /// <inheritdoc/>
    public async Task<BlockHeader?> FindBlockAsync(Hash32 hash, CancellationToken cancellation)
    {
        var path = $"/blocks/{hash}";
        return await FindBlockAsync(path, cancellation).ConfigureAwait(false) is not { } block ? null
            : block.Point.Hash == hash ? block
            : throw Nonsense(path, $"block {block.Point.Hash}");
    }

    /// <inheritdoc/>
    public async Task<BlockHeader?> FindBlockAsync(long height, CancellationToken cancellation)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/blocks/{height}");
        return await FindBlockAsync(path, cancellation).ConfigureAwait(false) is not { } block ? null
            : block.Point.Height == height ? block
            : throw Nonsense(path, $"block {block.Point.Hash} at height {block.Point.Height}");
    }

    /// <inheritdoc/>
    public async Task<EpochParameters> GetParametersAsync(CancellationToken cancellation)
    {
        const string Path = "/epochs/latest/parameters";
        var json = await ReadAsync(Path, cancellation).ConfigureAwait(false);
        return Understand(Path, () => new EpochParameters(BlockfrostParameters.Read(json), json.Number("epoch")));
    }

    /// <inheritdoc/>
    /// <remarks>The slots of known networks go by their magic: their genesis does not tell when Shelley began.</remarks>
    public async Task<ChainGenesis> GetGenesisAsync(CancellationToken cancellation)
    {
        const string Path = "/genesis";
        return await _http.GetAsync(Path, cancellation).ConfigureAwait(false) is { } json
            ? Understand(Path, () => ReadGenesis(json))
            : new ChainGenesis(null, null);
    }

    /// <inheritdoc/>
    public Task<bool> IsInMempoolAsync(TransactionId txId, CancellationToken cancellation) => ExistsAsync($"/mempool/{txId}", cancellation);

    /// <inheritdoc/>
    public async Task<Script?> FindScriptAsync(ScriptHash hash, CancellationToken cancellation)
    {
        if (_scripts.TryGetValue(hash, out var known))
        {
            return known;
        }

        var path = $"/scripts/{hash}/cbor";
        if (await _http.GetAsync(path, cancellation).ConfigureAwait(false) is not { } json)
        {
            return null;
        }

        byte[] bytes;
        if (Understand(path, () => json.TextOrNull("cbor")) is { } hex)
        {
            bytes = Understand(path, () => Convert.FromHexString(hex));
        }
        else
        {
            // Native scripts have no CBOR here, only JSON.
            path = $"/scripts/{hash}/json";
            var native = await ReadAsync(path, cancellation).ConfigureAwait(false);
            bytes = Understand(path, () => NativeScriptJson.ToCbor(native.GetProperty("json")));
        }

        // The hash covers the language, so the one under which the bytes hash to what was asked is the script's.
        var script =
            Enum.GetValues<ScriptLanguage>().Select(language => new Script(language, bytes)).FirstOrDefault(s => s.Hash == hash)
            ?? throw Nonsense(path, $"{bytes.Length} bytes that hash to another script");
        return Remember(script);
    }

    /// <summary>Disposes the HTTP client of <see cref="Create"/>; a caller's own stays.</summary>
    public void Dispose() => _owned?.Dispose();

    private static ChainGenesis ReadGenesis(JsonElement json)
    {
        long? magic = json.TryGetProperty("network_magic", out _) ? json.Number("network_magic") : null;
        return new ChainGenesis(
            magic,
            magic switch
            {
                764_824_073 => SlotConfig.Mainnet,
                1 => SlotConfig.Preprod,
                2 => SlotConfig.Preview,
                _ when !json.TryGetProperty("system_start", out _) || !json.TryGetProperty("slot_length", out _) => null,
                _ => new SlotConfig(
                    DateTimeOffset.FromUnixTimeSeconds(json.Number("system_start")),
                    new Slot(0),
                    TimeSpan.FromMilliseconds((long)(json.GetProperty("slot_length").GetDecimal() * 1000))
                ),
            }
        );
    }

    private Script Remember(Script script)
    {
        if (_scripts.Count >= MaxScripts)
        {
            _scripts.Clear();
        }

        return _scripts[script.Hash] = script;
    }

    private async Task<BlockHeader?> FindBlockAsync(string path, CancellationToken cancellation) =>
        await _http.GetAsync(path, cancellation).ConfigureAwait(false) is { } json ? Understand(path, () => BlockfrostJson.Block(json)) : null;

    private async Task<bool> ExistsAsync(string path, CancellationToken cancellation) =>
        await _http.GetAsync(path, cancellation).ConfigureAwait(false) is not null;

    /// <summary>Reads what must exist.</summary>
    private async Task<JsonElement> ReadAsync(string path, CancellationToken cancellation) =>
        await _http.GetAsync(path, cancellation).ConfigureAwait(false) ?? throw Nonsense(path, "not found");

    private T Understand<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (BlockfrostJson.IsNonsense(e))
        {
            throw new ChainUnavailableException($"{_options.BaseUrl.Authority}{path} answered nonsense: {e.Message}", e) { Trouble = ProviderTrouble.Nonsense };
        }
    }

    private ChainUnavailableException Nonsense(string path, string what) =>
        new($"{_options.BaseUrl.Authority}{path} answered nonsense: {what}.") { Trouble = ProviderTrouble.Nonsense };
}
