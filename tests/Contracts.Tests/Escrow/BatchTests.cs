using Masumi.Cardano.Building;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Escrow;

public sealed class BatchTests
{
    [Theory]
    [InlineData(EscrowAction.SubmitResult)]
    [InlineData(EscrowAction.Withdraw)]
    public void Sixteen_fit_into_one_transaction_with_a_reference_script(EscrowAction action)
    {
        var result = Batches.Build(action, 16);
        Assert.True(result is BuildResult.Built, result.ToString());
    }
}
