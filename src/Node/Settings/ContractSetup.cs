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
        return $"{contract.Family} escrow at {contract.Address} ({(isMarket ? "the market's" : "your own")}): disputes are settled by {Who(contract, isMarket)}";
    }

    // A key that stands twice has two votes.
    private static string Who(EscrowContract contract, bool isMarket)
    {
        if (contract.Admins.SequenceEqual(KnownDeployments.DefaultAdmins))
        {
            return $"any {contract.RequiredAdmins} of the market's {contract.Admins.Length} admins{(isMarket ? "" : ", though the contract is not the market's")}";
        }

        var keys = contract.Admins.GroupBy(a => a).Select(g => $"{g.Key}{Remark(g.Key, g.Count())}").ToList();
        var whose = contract.Admins.Count(KnownDeployments.DefaultAdmins.Contains) switch
        {
            0 => "your own",
            var all when all == contract.Admins.Length => "the market's",
            _ => "partly the market's",
        };
        return keys.Count == 1
            ? $"the holder of this key alone, which is {whose}: {keys[0]}"
            : $"any {contract.RequiredAdmins} of these {contract.Admins.Length} votes, whose keys are {whose}: {string.Join(", ", keys)}";
    }

    private static string Remark(KeyHash key, int votes)
    {
        var (count, market) = (votes > 1, KnownDeployments.DefaultAdmins.Contains(key));
        return count && market ? $" ({votes} votes, the market's)"
            : count ? $" ({votes} votes)"
            : market ? " (the market's)"
            : "";
    }
}
