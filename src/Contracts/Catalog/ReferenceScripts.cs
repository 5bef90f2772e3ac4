using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Catalog;

/// <summary>Outputs that carry a script, so that transactions name it instead of containing it.</summary>
public static class ReferenceScripts
{
    /// <summary>An output with the script and the least ADA that it needs.</summary>
    /// <param name="script">The script.</param>
    /// <param name="owner">Who may take the ADA back; transactions attach the script again from then on.</param>
    /// <param name="parameters">For the minimum.</param>
    public static TxOutput Output(Script script, Address owner, ProtocolParameters parameters) =>
        new TxOutput(owner, Value.Zero, null, script).WithMinUtxo(parameters);
}
