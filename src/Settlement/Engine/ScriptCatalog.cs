using System.Collections.Concurrent;
using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Engine;

/// <summary>A contract's script, and the output that carries it when there is one.</summary>
/// <param name="Script">The script.</param>
/// <param name="Reference">An unspent output with the script in it; null when none is known.</param>
public sealed record ContractScript(Script Script, Utxo? Reference)
{
    /// <summary>What goes into the witnesses: nothing when the script is referenced.</summary>
    public Script? Attached => Reference is null ? Script : null;

    /// <summary>What goes into the reference inputs.</summary>
    public ImmutableArray<Utxo> ReferenceInputs => Reference is { } reference ? [reference] : [];
}

/// <summary>
/// The contract scripts by hash: what the store has, our own compiled ones when they are what the source names, otherwise the bytes the chain has for that
/// hash, verified and stored.
/// </summary>
public sealed class ScriptCatalog(IChain chain, SettlementStore store)
{
    private readonly ConcurrentDictionary<ScriptHash, Script> _scripts = new();
    private readonly ConcurrentDictionary<ScriptHash, (Hash32 Tip, Utxo? Reference)> _references = new();

    /// <summary>The escrow script of a source. Throws <see cref="ChainUnavailableException"/> when nobody has it.</summary>
    /// <param name="source">The source.</param>
    /// <param name="tip">The newest block: whether a reference still stands is asked once for each.</param>
    /// <param name="cancellation">Ends waiting.</param>
    /// <param name="through">The chain for work of another priority.</param>
    public Task<ContractScript> EscrowAsync(PaymentSource source, BlockPoint tip, CancellationToken cancellation, IChain? through = null) =>
        FindAsync(source.ContractAddress.Payment!.Value.AsScript!.Value, () => EscrowScript.Of(ContractOf(source)), tip, through ?? chain, cancellation);

    /// <summary>The registry policy's script of a source, in the manner of <see cref="EscrowAsync"/>.</summary>
    public Task<ContractScript> PolicyAsync(PaymentSource source, BlockPoint tip, CancellationToken cancellation) =>
        FindAsync(source.PolicyId.ToScriptHash(), () => RegistryScript.Of(source.Family, source.ContractAddress), tip, chain, cancellation);

    /// <summary>A payment source's parameters in the contracts' form.</summary>
    public static EscrowContract ContractOf(PaymentSource source) =>
        ContractCatalog.Recognise(
            new()
            {
                Family = source.Family,
                Address = source.ContractAddress,
                RequiredAdmins = source.RequiredAdmins,
                Admins = source.Admins,
                Cooldown = source.Cooldown,
                FeeAddress = source.FeeAddress,
                FeePermille = source.FeePermille,
            }
        );

    private async Task<ContractScript> FindAsync(ScriptHash hash, Func<Script> own, BlockPoint tip, IChain through, CancellationToken cancellation)
    {
        var script = await ScriptAsync(hash, own, through, cancellation);
        if (!_references.TryGetValue(hash, out var known) || known.Tip != tip.Hash)
        {
            known = (tip.Hash, await ReferenceAsync(hash, through, cancellation));
            _references[hash] = known;
        }

        return new ContractScript(script, known.Reference);
    }

    private async Task<Script> ScriptAsync(ScriptHash hash, Func<Script> own, IChain through, CancellationToken cancellation)
    {
        if (_scripts.TryGetValue(hash, out var known))
        {
            return known;
        }

        var script = await store.Scripts.FindAsync(hash, cancellation);
        if (script?.Hash != hash)
        {
            script = own();
        }

        if (script.Hash != hash)
        {
            script = await through.FindScriptAsync(hash, cancellation);
            if (script is null || script.Hash != hash)
            {
                throw new ChainUnavailableException($"Nobody has the script {hash}.");
            }

            await store.Scripts.PutAsync(script, cancellation);
        }

        return _scripts.GetOrAdd(hash, script);
    }

    // Its owner may have spent it, or a rollback undone it: then the script is attached as if there had never been one.
    private async Task<Utxo?> ReferenceAsync(ScriptHash hash, IChain through, CancellationToken cancellation)
    {
        if (await store.Scripts.FindReferenceAsync(hash, cancellation) is not var (input, address))
        {
            return null;
        }

        var unspent = await through.GetUtxosAsync(address, cancellation);
        return unspent.FirstOrDefault(u => u.Input == input && u.Output.ReferenceScript?.Hash == hash);
    }
}
