using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Node.Settings;

/// <summary>The contract of a payment source, as its settings name it.</summary>
/// <param name="Contract">The escrow, with the parameters that its script has.</param>
/// <param name="PolicyId">Its registry.</param>
/// <param name="Scripts">Scripts from files.</param>
internal sealed record ContractSetup(EscrowContract Contract, PolicyId PolicyId, IReadOnlyList<Script> Scripts)
{
    /// <summary>Who can settle disputes at a contract, in one sentence: the one thing about it that no rule of the chain decides.</summary>
    public static string WhoSettles(EscrowContract contract)
    {
        var isMarket = KnownDeployments.All.Any(d => d.EscrowAddress == contract.Address);
        var who = isMarket
            ? $"any {contract.RequiredAdmins} of the market's {contract.Admins.Length} admins"
            : $"any {contract.RequiredAdmins} of these {contract.Admins.Length} keys, which are your own: {string.Join(", ", contract.Admins)}";
        return $"{contract.Family} escrow at {contract.Address} ({(isMarket ? "the market's" : "your own")}): disputes are settled by {who}";
    }
}
