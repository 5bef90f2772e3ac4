using System.Diagnostics.CodeAnalysis;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Sources;

/// <summary>Who is asked about the chain.</summary>
public enum RpcProvider
{
    /// <summary>Blockfrost, or what speaks as it does.</summary>
    Blockfrost,
}

/// <summary>How a source's contract stands to the one that is known by default.</summary>
public enum ContractSyncStatus
{
    /// <summary><c>in_sync</c>: it is the same, or of the first generation.</summary>
    InSync,

    /// <summary><c>outdated_contract</c>: its registry policy is another one.</summary>
    OutdatedContract,

    /// <summary><c>custom_address</c>: its registry policy is the same, its parameters are not.</summary>
    CustomAddress,
}

// Written as no other list of this API is.
internal static class ContractSyncWords
{
    private const string InSync = "in_sync";
    private const string OutdatedContract = "outdated_contract";
    private const string CustomAddress = "custom_address";

    public static Shape<ContractSyncStatus> Shape { get; } = Shapes.OneOf(InSync, OutdatedContract, CustomAddress).As<ContractSyncStatus>(TryRead, Text);

    private static bool TryRead(string text, out ContractSyncStatus status, [NotNullWhen(false)] out string? issue)
    {
        status = text switch
        {
            InSync => ContractSyncStatus.InSync,
            OutdatedContract => ContractSyncStatus.OutdatedContract,
            _ => ContractSyncStatus.CustomAddress,
        };
        issue = null;
        return true;
    }

    private static string Text(ContractSyncStatus status) =>
        status switch
        {
            ContractSyncStatus.InSync => InSync,
            ContractSyncStatus.OutdatedContract => OutdatedContract,
            _ => CustomAddress,
        };
}
