using System.Collections.Concurrent;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Contracts;
using Masumi.Contracts.Escrow;

namespace Masumi.Settlement;

/// <summary>
/// The contract scripts by hash: our own compiled ones when they are what the source names, otherwise the bytes the chain has for that hash, verified
/// and kept for the life of the process.
/// </summary>
public sealed class ScriptCatalog(IChain chain)
{
    private readonly ConcurrentDictionary<Hash28, Script> _scripts = new();

    /// <summary>The escrow script of a source. Throws <see cref="ChainUnavailableException"/> when nobody has it.</summary>
    public Task<Script> EscrowAsync(PaymentSource source, CancellationToken cancellation)
    {
        var hash = source.ContractAddress.Payment!.Value.Hash;
        return FindAsync(hash, () => EscrowScript.Of(ContractOf(source)), cancellation);
    }

    /// <summary>The registry policy's script of a source.</summary>
    public Task<Script> PolicyAsync(PaymentSource source, CancellationToken cancellation) =>
        FindAsync(source.PolicyId, () => RegistryScript.Of(source.Family, source.ContractAddress), cancellation);

    /// <summary>The contract's parameters in the contract room's form.</summary>
    public static EscrowContract ContractOf(PaymentSource source) =>
        new()
        {
            Family = source.Family,
            Address = source.ContractAddress,
            RequiredAdmins = source.RequiredAdmins,
            Admins = source.Admins,
            Cooldown = source.Cooldown,
            FeeAddress = source.FeeAddress,
            FeePermille = source.FeePermille,
        };

    private async Task<Script> FindAsync(Hash28 hash, Func<Script?> own, CancellationToken cancellation)
    {
        if (_scripts.TryGetValue(hash, out var known))
        {
            return known;
        }

        var script = own() is { } compiled && compiled.Hash == hash ? compiled : await chain.FindScriptAsync(hash, cancellation).ConfigureAwait(false);
        if (script is null || script.Hash != hash)
        {
            throw new ChainUnavailableException($"Nobody has the script {hash}.");
        }

        return _scripts.GetOrAdd(hash, script);
    }
}
