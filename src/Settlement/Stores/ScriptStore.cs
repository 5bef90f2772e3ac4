using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement.Stores;

/// <summary>Contract scripts by hash.</summary>
public sealed class ScriptStore
{
    private readonly Works _works;

    internal ScriptStore(Works works) => _works = works;

    /// <summary>Keeps a script's bytes under their hash.</summary>
    public Task PutAsync(Script script, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(script);
        return _works.WriteAsync(
            w =>
                w.ExecuteAsync(
                    "INSERT INTO contract_script (hash, language, code) VALUES (@Hash, @Language, @Code) ON CONFLICT (hash) DO NOTHING",
                    ScriptRow.From(script)
                ),
            cancellation
        );
    }

    /// <summary>Keeps an output that carries a script, and the script. Throws <see cref="ArgumentException"/> for an output without one.</summary>
    public Task PutReferenceAsync(Utxo reference, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var script = reference.Output.ReferenceScript ?? throw new ArgumentException($"{reference.Input} carries no script.", nameof(reference));
        var row = ScriptRow.From(script);
        row.Reference = reference.Input.ToString();
        row.ReferenceAddress = reference.Output.Address.ToString();
        return _works.WriteAsync(
            w =>
                w.ExecuteAsync(
                    "INSERT INTO contract_script (hash, language, code, reference, reference_address) VALUES (@Hash, @Language, @Code, @Reference, "
                        + "@ReferenceAddress) ON CONFLICT (hash) DO UPDATE SET reference = @Reference, reference_address = @ReferenceAddress",
                    row
                ),
            cancellation
        );
    }

    /// <summary>Wants the deposit of a script's published output back, and none published again; or takes that back.</summary>
    public Task SetReclaimedAsync(Script script, bool reclaimed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(script);
        var row = ScriptRow.From(script);
        row.Reclaimed = reclaimed ? 1 : 0;
        return _works.WriteAsync(
            w =>
                w.ExecuteAsync(
                    "INSERT INTO contract_script (hash, language, code, reclaimed) VALUES (@Hash, @Language, @Code, @Reclaimed) ON CONFLICT (hash) DO UPDATE SET "
                        + "reclaimed = @Reclaimed",
                    row
                ),
            cancellation
        );
    }

    /// <summary>The scripts whose published outputs' deposits are wanted back.</summary>
    public Task<ImmutableArray<ScriptHash>> ListReclaimedAsync(CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (await w.QueryAsync<string>("SELECT hash FROM contract_script WHERE reclaimed = 1 ORDER BY hash")).Select(ScriptHash.Parse).ToImmutableArray(),
            cancellation
        );

    /// <summary>A script that was kept, or null.</summary>
    public Task<Script?> FindAsync(ScriptHash hash, CancellationToken cancellation) =>
        _works.ReadAsync(async w => (await RowAsync(w, hash))?.ToScript(), cancellation);

    /// <summary>Where a script is said to be for reference: the output and its address.</summary>
    public Task<(TxInput Input, Address Address)?> FindReferenceAsync(ScriptHash hash, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                await RowAsync(w, hash) is { Reference: { } at, ReferenceAddress: { } address }
                    ? (TxInput.Parse(at), Address.Parse(address))
                    : ((TxInput, Address)?)null,
            cancellation
        );

    private static Task<ScriptRow?> RowAsync(Work work, ScriptHash hash) =>
        work.SingleAsync<ScriptRow>(
            "SELECT hash, language, code, reference, reference_address FROM contract_script WHERE hash = @hash",
            new { hash = hash.ToString() }
        );

    private sealed class ScriptRow
    {
        public string Hash { get; set; } = "";
        public long Language { get; set; }
        public byte[] Code { get; set; } = [];
        public string? Reference { get; set; }
        public string? ReferenceAddress { get; set; }
        public long Reclaimed { get; set; }

        public static ScriptRow From(Script s) =>
            new()
            {
                Hash = s.Hash.ToString(),
                Language = (long)s.Language,
                Code = s.Bytes.ToArray(),
            };

        public Script ToScript() => new((ScriptLanguage)Language, Code);
    }
}
