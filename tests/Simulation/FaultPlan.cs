using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Simulation.Chain;
using Masumi.Simulation.Nodes;
using Masumi.Simulation.Parties;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation;

/// <summary>Brings a fault about at its time, and ends it.</summary>
internal sealed class FaultPlan(
    Fault fault,
    Scheduler scheduler,
    Truth truth,
    Weather weather,
    IReadOnlyList<Node> nodes,
    IReadOnlyList<Agreement> agreements,
    Dice dice,
    Action<int, DateTimeOffset> restored,
    Action<Fault> ends,
    Action<string, string> tell
)
{
    private readonly Actor _luck = new(dice, string.Create(CultureInfo.InvariantCulture, $"fault {fault.Id} acts"));

    private TimeSpan For => TimeSpan.FromSeconds(fault.For);

    /// <summary>Puts it into the queue.</summary>
    public void Schedule()
    {
        // With dice of its own: a fault that is left out changes nobody else's order.
        var process = new Process(scheduler, _luck);
        scheduler.At(process, TimeSpan.FromSeconds(fault.At), "fault begins", () => Begin(process));
    }

    private void Begin(Process process)
    {
        tell(
            "fault",
            string.Create(CultureInfo.InvariantCulture, $"{fault.Kind} begins (node {fault.Who}, {fault.For} s, amount {fault.Amount}, rate {fault.Rate})")
        );
        switch (fault.Kind)
        {
            case Faults.Fork:
                truth.Fork(fault.Amount, OrphansOf(), 0, TimeSpan.Zero);
                break;
            case Faults.ShortFork:
                truth.Fork(fault.Amount, OrphansOf(), 1 + _luck.Whole("missing", 0, Math.Max(0, fault.Amount - 1)), For);
                break;
            case Faults.Crash:
                nodes[fault.Who].Kill(_luck.Whole("which", 0, 7), For);
                break;
            case Faults.Stall:
                nodes[fault.Who].Stall(_luck.Whole("which", 0, 7), For);
                break;
            case Faults.KillAt:
                nodes[fault.Who].KillAtCall(fault.Amount, For);
                break;
            case Faults.Restore:
                Restore(process);
                break;
            case Faults.RestoreWaiting:
                weather.Begin(fault, truth.Count - 1);
                Restore(process);
                scheduler.At(process, For, "fault ends", End);
                break;
            case Faults.Deposit:
                Deposit();
                break;
            case Faults.Ahead:
                RunAhead(process);
                break;
            case Faults.ParameterChange:
                truth.ChangeParameters(fault.Rate);
                break;
            case Faults.Phase2:
                truth.FailNext();
                break;
            case Faults.Forged when Victim() is { } victim:
                nodes[fault.Who].Forge(fault.Id, Forgery.Of(victim, truth));
                goto default;
            default:
                weather.Begin(fault, truth.Count - 1);
                if (fault.Kind == Faults.Clock)
                {
                    // A process learns its clock when it starts.
                    nodes[fault.Who].Kill(-1, TimeSpan.FromSeconds(1));
                }

                scheduler.At(process, For, "fault ends", End);
                break;
        }
    }

    private void End()
    {
        ends(fault);
        weather.End(fault);
        tell("fault", $"{fault.Kind} is over");
        if (fault.Kind == Faults.Clock)
        {
            nodes[fault.Who].Kill(-1, TimeSpan.FromSeconds(1));
        }
    }

    // Blocks come at once that only this node's provider shows: the others are as far behind until they hold for all, or another branch wins.
    private void RunAhead(Process process)
    {
        for (var i = 0; i < fault.Amount; i++)
        {
            truth.Mine();
        }

        weather.Begin(fault, truth.Count - 1);
        scheduler.At(
            process,
            For,
            "fault ends",
            () =>
            {
                if (fault.Rate < 0.5)
                {
                    truth.Fork(fault.Amount, OrphansOf(), 0, TimeSpan.Zero);
                }

                End();
            }
        );
    }

    private void Restore(Process process)
    {
        var node = nodes[fault.Who];
        var copy = node.Disk.Copy();
        var copied = scheduler.Now;
        scheduler.At(
            process,
            For,
            "restore",
            () =>
            {
                tell("fault", $"{node.Name} goes on with the copy of {For.TotalSeconds:0} s ago");
                node.Disk.Restore(copy);
                copy.Dispose();
                restored(fault.Who, copied);
                node.Kill(-1, TimeSpan.FromSeconds(1 + (119 * Math.Pow(_luck.Fraction("outage"), 2))));
            }
        );
    }

    // The newest offer of the node that is not over.
    private Agreement? Victim() =>
        agreements.LastOrDefault(a =>
            a.Job.Seller == fault.Who && a.Job.At < fault.At && a.Job.Behaviour == Behaviour.Unpaid && scheduler.Now < a.Deadlines.PayBy
        ) ?? agreements.LastOrDefault(a => a.Job.Seller == fault.Who && a.Job.At < fault.At && scheduler.Now < a.Deadlines.PayBy);

    private void Deposit()
    {
        var address = Materials.AddressOf(Stranger.Name);
        var plan = new TransactionPlan
        {
            Available = [.. truth.Unspent.Utxos.Where(u => u.Value.Address == address).Select(u => new Utxo(u.Key, u.Value)).OrderBy(u => u.Input)],
            Outputs =
            [
                .. Enum.GetValues<EscrowFamily>()
                    .Select(f => Materials.AddressOf(Materials.WalletName(fault.Who, f, sells: false, 0)))
                    .Select(to => new TxOutput(to, Value.Of(Lovelace.FromAda(fault.Amount)))),
            ],
            ChangeAddress = address,
            Signers = [Materials.KeysOf(Stranger.Name).Payment],
        };
        if (TransactionBuilder.Build(plan, truth.Parameters, truth.Slots, Materials.Evaluator) is BuildResult.Built built)
        {
            truth.Submit(built.Transaction);
        }
    }

    private Orphans OrphansOf() =>
        _luck.Fraction("orphans") switch
        {
            < 0.5 => Orphans.Wait,
            < 0.8 => Orphans.ComeLater,
            _ => Orphans.Gone,
        };
}
