using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Chain.Blockfrost;

/// <summary>
/// The chain through a Blockfrost-compatible HTTP API (spec cardano.md 11). Transactions and scripts are verified against the hash they were asked by,
/// so a faulty endpoint can withhold them but not change them; lists, amounts and places are the endpoint's word.
/// </summary>
/// <remarks>
/// Calls: tip 1; follow 1 when nothing happened, otherwise 1 + 1 to 2 for the place of the known point + 1 per 100 listed transactions + 2 per new
/// transaction; unspent outputs 1 per 100 (+ 1 per output with a reference script); resolve 1 per transaction not read before; script 1; metadata 2.
/// Safe for concurrent use; one instance per endpoint, so that its rate limit and caches serve everyone.
/// </remarks>
public sealed partial class BlockfrostChain : IChain, IDisposable
{
    private const int PageSize = 100;
    private const int MaxPages = 20_000;
    private const int CachedTransactions = 1_024;
    private const int MaxScripts = 256;
    private readonly BlockfrostHttp _http;
    private readonly BlockfrostOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly HttpClient? _owned;
    private readonly TransactionCache _transactions = new(CachedTransactions);
    private readonly ConcurrentDictionary<ScriptHash, Script> _scripts = new();
    private readonly FollowMemory _memory = new();
    private CachedParameters? _parameters;
    private SlotConfig? _slots;
    private long _tipEpoch = -1;

    /// <summary>
    /// Over an HTTP client the caller owns. Throws <see cref="ArgumentException"/> when the project id would be sent in clear text to a foreign host.
    /// </summary>
    /// <param name="http">Should not follow redirects: they would carry the project id elsewhere.</param>
    /// <param name="options">The endpoint.</param>
    /// <param name="time">For timeouts, delays and the rate limit: real time, also where a devnet's clock is moved.</param>
    /// <param name="random">Spreads repeated calls; null: seeded by the clock, since two processes only have to differ.</param>
    /// <param name="log">Receives what had to be left out.</param>
    public BlockfrostChain(HttpClient http, BlockfrostOptions options, TimeProvider time, Random? random = null, ILogger<BlockfrostChain>? log = null)
    {
        if (!string.IsNullOrEmpty(options.ProjectId) && KeyTransport.Refusal(options.BaseUrl, options.ClearTextHosts) is { } refusal)
        {
            throw new ArgumentException($"The chain provider's address cannot be used: {refusal}.", nameof(options));
        }

        _options = options;
        _time = time;
        _log = log ?? NullLogger<BlockfrostChain>.Instance;
        _http = new BlockfrostHttp(http, options, time, random ?? new Random(time.GetTimestamp().GetHashCode()));
    }

    private BlockfrostChain(BlockfrostOptions options, TimeProvider time, HttpClient owned, ILogger<BlockfrostChain>? log)
        : this(owned, options, time, null, log)
    {
        _owned = owned;
    }

    /// <summary>
    /// With an HTTP client of its own, set up as it should be. Dispose it. Throws <see cref="ArgumentException"/> when the project id would be sent in clear
    /// text to a foreign host.
    /// </summary>
    public static BlockfrostChain Create(BlockfrostOptions options, TimeProvider time, ILogger<BlockfrostChain>? log = null)
    {
#pragma warning disable CA2000 // Owned by the chain.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = options.CallTimeout,
        };
        return new BlockfrostChain(options, time, new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }, log);
#pragma warning restore CA2000
    }

    /// <inheritdoc/>
    public async Task<BlockPoint> GetTipAsync(CancellationToken cancellation) => (await ReadTipAsync(cancellation).ConfigureAwait(false)).Point;

    /// <inheritdoc/>
    public async Task<ProtocolParameters> GetParametersAsync(CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        if (_parameters is { } cached && now < cached.ReadAt + _options.ParametersLifetime && cached.Epoch >= Interlocked.Read(ref _tipEpoch))
        {
            return cached.Parameters;
        }

        const string Path = "/epochs/latest/parameters";
        var json = await ReadAsync(Path, cancellation).ConfigureAwait(false);
        var fresh = Understand(Path, () => new CachedParameters(BlockfrostParameters.Read(json), json.Number("epoch"), now));
        _parameters = fresh;
        return fresh.Parameters;
    }

    /// <inheritdoc/>
    /// <remarks>Known networks by their magic, others from their genesis. Checked once against the tip: a wrong mapping would move every deadline.</remarks>
    public async Task<SlotConfig> GetSlotConfigAsync(CancellationToken cancellation)
    {
        if (_slots is { } known)
        {
            return known;
        }

        var slots = _options.SlotConfig ?? await ReadGenesisAsync(cancellation).ConfigureAwait(false);
        var tip = await GetTipAsync(cancellation).ConfigureAwait(false);
        var difference = (slots.TimeOf(tip.Slot) - tip.Time).Duration();
        if (difference > slots.SlotLength + TimeSpan.FromSeconds(1))
        {
            throw new ChainUnavailableException(
                $"{_options.BaseUrl.Authority}: slot {tip.Slot} would start at {slots.TimeOf(tip.Slot):O} by the slot configuration, its block says {tip.Time:O}; the configuration is for another network."
            );
        }

        return _slots = slots;
    }

    /// <summary>The network's magic as the provider's genesis says it; null when it does not.</summary>
    public async Task<long?> FindNetworkMagicAsync(CancellationToken cancellation)
    {
        const string Path = "/genesis";
        return await _http.GetAsync(Path, cancellation).ConfigureAwait(false) is { } json
            ? Understand<long?>(Path, () => json.TryGetProperty("network_magic", out _) ? json.Number("network_magic") : null)
            : null;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<Utxo>> GetUtxosAsync(Address address, CancellationToken cancellation)
    {
        var text = address.ToString();
        var path = $"/addresses/{text}/utxos";
        var found = new Dictionary<TxInput, TxOutput?>();
        await foreach (var row in PagesAsync(path, "", cancellation).ConfigureAwait(false))
        {
            var (input, output) = Understand(path, () => UnspentRow(row, address, text));
            found[input] = output;
        }

        // Outputs with a reference script are taken from their transaction, which has the script.
        var scripted = found.Where(u => u.Value is null).Select(u => u.Key).ToList();
        foreach (var utxo in scripted.Count > 0 ? await ResolveAsync(scripted, cancellation).ConfigureAwait(false) : [])
        {
            found[utxo.Input] = utxo.Output.Address == address ? utxo.Output : throw Nonsense(path, $"{utxo.Input} is not at this address");
        }

        var utxos = found
            .OrderBy(u => u.Key)
            .Select(u => new Utxo(u.Key, u.Value ?? throw Nonsense(path, $"{u.Key} is listed but its transaction is not found")));
        return [.. utxos];
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<(Address Address, long Quantity)>> GetHoldersAsync(AssetId asset, CancellationToken cancellation)
    {
        var path = $"/assets/{asset}/addresses";
        var holders = ImmutableArray.CreateBuilder<(Address, long)>();
        await foreach (var row in PagesAsync(path, "", cancellation).ConfigureAwait(false))
        {
            var (address, quantity) = Understand(path, () => (Address.Parse(row.Text("address")), row.Number("quantity")));
            if (quantity > 0)
            {
                holders.Add((address, quantity));
            }
        }

        return holders.ToImmutable();
    }

    /// <inheritdoc/>
    public async Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation)
    {
        var path = $"/assets/{asset}/history";
        await foreach (var row in PagesAsync(path, "&order=desc", cancellation).ConfigureAwait(false))
        {
            var (id, action) = Understand(path, () => (row.TransactionId("tx_hash"), row.Text("action")));
            if (action != "minted")
            {
                continue;
            }

            var transaction =
                await DecodedAsync(ReadTransactionAsync(id, cancellation)).ConfigureAwait(false) ?? throw Nonsense(path, $"{id} is listed but not found");
            return transaction.Transaction.Body.Mint[asset] > 0 ? transaction.Transaction.AuxiliaryData : throw Nonsense(path, $"{id} does not mint {asset}");
        }

        return null;
    }

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
        if (_scripts.Count >= MaxScripts)
        {
            _scripts.Clear();
        }

        return _scripts[hash] = script;
    }

    /// <summary>Disposes the HTTP client of <see cref="Create"/>; a caller's own stays.</summary>
    public void Dispose() => _owned?.Dispose();

    private static (TxInput Input, TxOutput? Output) UnspentRow(JsonElement row, Address address, string text)
    {
        if (row.Text("address") != text)
        {
            throw new FormatException($"an output at {row.Text("address")}");
        }

        var input = new TxInput(row.TransactionId("tx_hash"), checked((ushort)row.Number("output_index")));
        return (
            input,
            row.TextOrNull("reference_script_hash") is null
                ? new TxOutput(address, BlockfrostJson.Amount(row.GetProperty("amount")), BlockfrostJson.Datum(row))
                : null
        );
    }

    private async Task<SlotConfig> ReadGenesisAsync(CancellationToken cancellation)
    {
        const string Path = "/genesis";
        var json = await ReadAsync(Path, cancellation).ConfigureAwait(false);
        return Understand(
            Path,
            () =>
                json.Number("network_magic") switch
                {
                    764_824_073 => SlotConfig.Mainnet,
                    1 => SlotConfig.Preprod,
                    2 => SlotConfig.Preview,
                    _ => new SlotConfig(
                        DateTimeOffset.FromUnixTimeSeconds(json.Number("system_start")),
                        new Slot(0),
                        TimeSpan.FromMilliseconds((long)(json.GetProperty("slot_length").GetDecimal() * 1000))
                    ),
                }
        );
    }

    private async Task<BlockRow> ReadTipAsync(CancellationToken cancellation)
    {
        const string Path = "/blocks/latest";
        var json = await ReadAsync(Path, cancellation).ConfigureAwait(false);
        var tip = Understand(Path, () => BlockfrostJson.Block(json));
        if (tip.Epoch is { } epoch)
        {
            Interlocked.Exchange(ref _tipEpoch, epoch);
        }

        return tip;
    }

    /// <summary>All rows of a paged list; none when the API does not know the subject.</summary>
    private async IAsyncEnumerable<JsonElement> PagesAsync(string path, string query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var page = 1; page <= MaxPages; page++)
        {
            var full = string.Create(CultureInfo.InvariantCulture, $"{path}?count={PageSize}&page={page}{query}");
            if (await _http.GetAsync(full, cancellation).ConfigureAwait(false) is not { } json)
            {
                yield break;
            }

            if (json.ValueKind != JsonValueKind.Array)
            {
                throw Nonsense(full, "not a list");
            }

            foreach (var row in json.EnumerateArray())
            {
                yield return row;
            }

            if (json.GetArrayLength() < PageSize)
            {
                yield break;
            }
        }

        throw new ChainUnavailableException($"{_options.BaseUrl.Authority}{path} has more than {MaxPages} pages.");
    }

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
            throw new ChainUnavailableException($"{_options.BaseUrl.Authority}{path} answered nonsense: {e.Message}", e);
        }
    }

    private ChainUnavailableException Nonsense(string path, string what) => new($"{_options.BaseUrl.Authority}{path} answered nonsense: {what}.");

    private sealed record CachedParameters(ProtocolParameters Parameters, long Epoch, DateTimeOffset ReadAt);
}
