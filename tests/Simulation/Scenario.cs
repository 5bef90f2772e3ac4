using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Masumi.Simulation;

/// <summary>How one job goes: what the two parties and strangers do. What must come of it follows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Behaviour>))]
internal enum Behaviour
{
    /// <summary>Paid, delivered, collected.</summary>
    Honest,

    /// <summary>The seller never delivers; the buyer is refunded.</summary>
    NeverDelivers,

    /// <summary>The result comes within the last minutes, or too late.</summary>
    LateResult,

    /// <summary>The buyer disputes the result, the seller agrees.</summary>
    DisputeThenAgree,

    /// <summary>The buyer disputes the result, then releases it after all.</summary>
    DisputeThenRelease,

    /// <summary>The buyer wants its money back before there is a result; the seller agrees, delivers or is silent.</summary>
    EarlyRefund,

    /// <summary>A stranger locks too little under the known identifier before the honest lock.</summary>
    StrangerFirst,

    /// <summary>A stranger locks the right amount with other terms under the known identifier.</summary>
    StrangerTerms,

    /// <summary>A stranger puts a lock as good as the honest one beside it.</summary>
    SecondLock,

    /// <summary>Both parties act at once, in a drawn state.</summary>
    Race,

    /// <summary>Something happens within a minute or so of a deadline: paying, delivering and regretting, disputing, agreeing and releasing.</summary>
    AtDeadline,

    /// <summary>The seller offers terms whose deadlines lie thousands of years ahead (H5): money locked under them would be held to ransom.</summary>
    Ransom,

    /// <summary>Outputs that are no escrow, and one that cannot be read, lie at the contract.</summary>
    Dust,

    /// <summary>An offer nobody pays.</summary>
    Unpaid,

    /// <summary>A price that the buyer's wallets do not have.</summary>
    Unaffordable,
}

/// <summary>One job. Numbers are seconds since the world began, and ADA.</summary>
internal sealed record Job(int Id, double At, int Buyer, int Seller, string Family, int Ada, Behaviour Behaviour);

/// <summary>
/// Something that goes wrong for a while. What <see cref="Amount"/>, <see cref="Rate"/> and <see cref="For"/> mean is said with the kind
/// (<see cref="Faults"/>). <see cref="Who"/>: a node, or -1 for all.
/// </summary>
internal sealed record Fault(int Id, string Kind, double At, double For, int Who, int Amount, double Rate);

/// <summary>How many of what there are in a world; providers for each node, asked in turn, of which a fault befalls one.</summary>
internal sealed record Shape(int Nodes, int Instances, int Wallets, double BlockSeconds, int Providers = 1);

/// <summary>A world before it runs: everything that will be tried in it, as plain lists made from the seed beforehand. What happens follows from it alone.</summary>
internal sealed record Scenario(ulong Seed, Shape Shape, ImmutableArray<Job> Jobs, ImmutableArray<Fault> Faults)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>One line that <c>--scenario</c> takes.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads such a line. Throws <see cref="FormatException"/>.</summary>
    public static Scenario Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Scenario>(line, Json) is { Shape: not null, Jobs.IsDefault: false, Faults.IsDefault: false } scenario
                ? scenario
                : throw new FormatException("The scenario lacks its shape, jobs or faults.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The scenario is no JSON of one: {e.Message}", e);
        }
    }
}
