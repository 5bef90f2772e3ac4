using Dapper;
using Masumi.Simulation.Disks;

namespace Masumi.Simulation.Parties;

/// <summary>What judges read from a node's tables; it knows them, and goes with them.</summary>
internal static class StoreUnderTest
{
    /// <summary>I2: inputs, and deals, that more than one living attempt claims.</summary>
    public static IReadOnlyList<string> ClaimedTwice(IDisk disk) =>
        disk.Read<IReadOnlyList<string>>(async c =>
            [
                .. await c.QueryAsync<string>(
                    "SELECT MIN(attempt_id) FROM attempt_input WHERE live = 1 GROUP BY ref HAVING COUNT(*) > 1 "
                        + "UNION ALL SELECT subject_id FROM attempt_subject WHERE live = 1 GROUP BY subject_id HAVING COUNT(*) > 1 ORDER BY 1"
                ),
            ]
        );
}
