using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Node.Settings;

/// <summary>The contract of a payment source, as its settings name it.</summary>
/// <param name="Contract">The escrow, with the parameters that its script has.</param>
/// <param name="PolicyId">Its registry.</param>
/// <param name="Scripts">Scripts from files.</param>
internal sealed record ContractSetup(EscrowContract Contract, PolicyId PolicyId, IReadOnlyList<Script> Scripts);
