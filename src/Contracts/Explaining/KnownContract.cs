using Masumi.Cardano;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Explaining;

/// <summary>A contract that is known by its script's hash.</summary>
/// <param name="Script">The hash.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What it guards.</param>
/// <param name="Instance">The escrow's parameters; of a registry, those of the escrow it belongs to.</param>
/// <param name="Own">Ours, compiled from C#; null for another's.</param>
public sealed record KnownContract(ScriptHash Script, string Name, ContractKind Kind, EscrowContract Instance, OwnContract? Own);
