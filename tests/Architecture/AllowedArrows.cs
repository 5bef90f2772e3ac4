namespace Masumi.Architecture.Tests;

/// <summary>Which project may use which. Dependencies point down only: a row names nothing that stands below it.</summary>
internal static class AllowedArrows
{
    /// <summary>The rows, from the ground up.</summary>
    public static readonly (string Project, string[] MayUse)[] Rows =
    [
        // No HTTP server, no SQL, no clock, no thread.
        ("Protocol", []),
        ("Cardano", []),
        ("Plutus", ["Cardano"]),
        ("Ledger", ["Cardano", "Plutus"]),
        ("OnChain", ["Cardano", "Plutus"]),
        ("Contracts", ["Protocol", "Cardano", "Plutus", "OnChain"]),
        // What talks to the world.
        ("Chain", ["Cardano"]),
        ("Storage", ["Cardano"]),
        ("Settlement", ["Protocol", "Cardano", "Plutus", "Ledger", "Contracts", "Chain", "Storage"]),
        ("Api", []),
        ("Http", ["Protocol"]),
        ("Payments", ["Protocol", "Cardano", "Contracts", "Chain", "Storage", "Settlement", "Http"]),
        ("Registry", ["Protocol", "Cardano", "Contracts", "Chain", "Storage", "Api"]),
        // What people install: the network's words and nothing of our services.
        ("Client", ["Protocol"]),
        ("Agents", ["Protocol", "Client"]),
        // A chain of its own; it knows the network's tokens, no escrow and no service.
        ("Devnet", ["Protocol", "Cardano", "Plutus", "Ledger"]),
        // The composition root puts everything together.
        (
            "Node",
            ["Protocol", "Cardano", "Plutus", "Ledger", "Contracts", "Chain", "Storage", "Settlement", "Payments", "Registry", "Client", "Agents", "Devnet"]
        ),
    ];

    /// <summary>Projects that serve HTTP and may reference ASP.NET Core.</summary>
    public static readonly string[] Web = ["Agents", "Api", "Devnet", "Http", "Node", "Payments", "Registry"];

    /// <summary>Projects that people install: awaits never come back to the caller's context.</summary>
    public static readonly string[] Installed = ["Protocol", "Cardano", "Plutus", "Ledger", "Contracts", "Chain", "Client", "Agents"];

    /// <summary>The rows by name.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> ByProject = Rows.ToDictionary(row => row.Project, row => row.MayUse);
}
