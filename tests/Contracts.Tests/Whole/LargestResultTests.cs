using System.Globalization;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>
/// The table of docs/contracts.md, "When a result is too large", made again: after a result of the size named the transaction is built, signed and accepted by
/// the ledger under mainnet's parameters; after one of a byte more it is too large. Rows with the script beside the transaction are judged with our own script
/// in the deployed one's place, whose size does not count there, and everything with the deployed ones where <c>MASUMI_DEPLOYED_ESCROW_V1</c> and
/// <c>MASUMI_DEPLOYED_ESCROW_V2</c> name the public blueprints.
/// </summary>
public sealed class LargestResultTests
{
    private const string Heading = "## When a result is too large";

    [Theory]
    [InlineData(EscrowFamily.V1, false)]
    [InlineData(EscrowFamily.V1, true)]
    [InlineData(EscrowFamily.V2, false)]
    [InlineData(EscrowFamily.V2, true)]
    public void The_table_of_result_sizes_is_what_the_builder_makes_and_the_ledger_takes(EscrowFamily family, bool isDeployed)
    {
        Assert.SkipWhen(
            isDeployed && OversizedResult.DeployedFile(family) is null,
            $"{OversizedResult.Variable(family)} names no file with the deployed script."
        );
        var rows = Rows().Where(r => r.Family == family && (isDeployed || r.Try.IsReferenced)).ToList();
        Assert.True(rows.Count > 8);
        var (usual, atBounds) = (new OversizedResult(family, isDeployed), new OversizedResult(family, isDeployed, isAtBounds: true));
        var wrong = new List<string>();
        foreach (var (_, attempt, isAtBounds, cell, text) in rows)
        {
            var escrow = isAtBounds ? atBounds : usual;
            var holds = cell switch
            {
                // No result of a transaction that fits is as long as this.
                "any" => escrow.Fits(attempt, 16_000),
                "none" => !escrow.Fits(attempt, 1),
                _ => escrow.Fits(attempt, Number(cell)) && !escrow.Fits(attempt, Number(cell) + 1),
            };
            if (!holds)
            {
                wrong.Add($"{text}: {cell}, should be {escrow.Largest(attempt):N0}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    // A party acts with as many bytes as the other: whatever a seller gets onto the chain, the buyer can answer.
    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void The_shortest_dispute_takes_not_a_byte_more_than_the_shortest_result_before_it(EscrowFamily family)
    {
        var escrow = new OversizedResult(family, isDeployed: false);
        foreach (var purse in (Purse[])[Purse.Prepared, Purse.OwnScript])
        {
            var submit = Built(escrow, Shortest(EscrowAction.SubmitResult) with { Purse = purse }, escrow.Escrow(EscrowAction.SubmitResult, 0));
            var dispute = Built(escrow, Shortest(EscrowAction.SetRefundRequested) with { Purse = purse }, escrow.Escrow(EscrowAction.SetRefundRequested, 32));
            Assert.Equal(submit.Size, dispute.Size);
        }
    }

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void The_largest_result_that_the_deployed_contract_takes_in_the_shortest_form_can_be_disputed(EscrowFamily family)
    {
        Assert.SkipWhen(OversizedResult.DeployedFile(family) is null, $"{OversizedResult.Variable(family)} names no file with the deployed script.");
        var escrow = new OversizedResult(family, isDeployed: true);
        var locked = escrow.Escrow(EscrowAction.SubmitResult, 0);
        foreach (var purse in (Purse[])[Purse.Prepared, Purse.OwnScript])
        {
            var (submit, dispute) = (
                Shortest(EscrowAction.SubmitResult) with
                {
                    Purse = purse,
                },
                Shortest(EscrowAction.SetRefundRequested) with
                {
                    Purse = purse,
                }
            );
            var largest = Number(Rows().Single(r => r.Family == family && !r.IsAtBounds && r.Try == dispute).Cell);
            var submitted = Assert.IsType<BuildResult.Built>(escrow.Build(submit, locked, largest));
            escrow.Judge(submit, submitted.Transaction, locked);
            Assert.True(escrow.Fits(dispute, largest));
            Assert.IsType<BuildFailure.TooLarge>(Assert.IsType<BuildResult.Failed>(escrow.Build(submit, locked, largest + 1)).Reason);
        }
    }

    private static Transaction Built(OversizedResult escrow, Try attempt, Utxo spent)
    {
        var built = Assert.IsType<BuildResult.Built>(escrow.Build(attempt, spent));
        escrow.Judge(attempt, built.Transaction, spent);
        return built.Transaction;
    }

    private static Try Shortest(EscrowAction action) => new(action, Purse.Prepared, TransactionForm.Shortest);

    private static int Number(string cell) => int.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static IEnumerable<(EscrowFamily Family, Try Try, bool IsAtBounds, string Cell, string Text)> Rows()
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryRoot(), "docs", "contracts.md"));
        var table = lines
            .SkipWhile(l => l != Heading)
            .SkipWhile(l => !l.StartsWith("| Who wants to", StringComparison.Ordinal))
            .TakeWhile(l => l.StartsWith('|'))
            .Skip(2);
        foreach (var line in table)
        {
            var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
            foreach (var family in Enum.GetValues<EscrowFamily>())
            {
                var attempt = new Try(
                    cells[0] switch
                    {
                        "dispute" => EscrowAction.SetRefundRequested,
                        "take the dispute back (V1), give it to the seller (V2)" when family == EscrowFamily.V1 => EscrowAction.UnSetRefundRequested,
                        "take the dispute back (V1), give it to the seller (V2)" => EscrowAction.AuthorizeWithdrawal,
                        "authorise the refund" => EscrowAction.AuthorizeRefund,
                        "collect" => EscrowAction.Withdraw,
                        "settle the dispute" => EscrowAction.WithdrawDisputed,
                        var other => throw new InvalidOperationException(other),
                    },
                    cells[2] switch
                    {
                        "one plain coin" or "one plain coin, lock at the bounds" => Purse.OneCoin,
                        "prepared coins" or "prepared coins, lock at the bounds" => Purse.Prepared,
                        "one heavy coin" => Purse.Heavy,
                        "a coin with the script" => Purse.OwnScript,
                        var other => throw new InvalidOperationException(other),
                    },
                    cells[1] == "shortest" ? TransactionForm.Shortest : TransactionForm.Usual,
                    cells[1] != "usual, no message"
                );
                var isAtBounds = cells[2].EndsWith("lock at the bounds", StringComparison.Ordinal);
                var first = family == EscrowFamily.V1 ? 3 : 5;
                yield return (family, attempt, isAtBounds, cells[first], $"{family}, {line}, beside");
                if (cells[first + 1] != "-")
                {
                    yield return (family, attempt with { IsReferenced = false }, isAtBounds, cells[first + 1], $"{family}, {line}, attached");
                }
            }
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Masumi.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("No Masumi.slnx above the tests.");
    }
}
