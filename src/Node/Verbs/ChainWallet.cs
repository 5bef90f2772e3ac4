using System.CommandLine;
using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Plutus;
using Masumi.Settlement.Engine;

namespace Masumi.Node.Verbs;

/// <summary>A mnemonic, as the verbs take it: never on a command line.</summary>
internal sealed class MnemonicOption
{
    private readonly Option<string> _file = new("--mnemonic")
    {
        Description = "File with the wallet's mnemonic; '-' (the default) reads standard input.",
        DefaultValueFactory = _ => "-",
    };

    public void AddTo(Command command) => command.Add(_file);

    /// <summary>The wallet's keys. Throws <see cref="FormatException"/>, without repeating what was read, or what reading throws.</summary>
    public WalletKeys Read(ParseResult parsed)
    {
        var words = Encoding.UTF8.GetString(HexFile.ReadAll(parsed.GetValue(_file)!, _file.Name)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return WalletKeys.FromMnemonic(string.Join(' ', words));
        }
        catch (FormatException)
        {
#pragma warning disable MA0054 // The message inside may name a word.
            throw new FormatException("the mnemonic is none");
#pragma warning restore MA0054
        }
    }
}

/// <summary>A wallet that pays for one transaction on a chain: its base address, with what the chain shows there.</summary>
internal sealed class ChainWallet(IChain chain, WalletKeys keys, NetworkId network)
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int Unclear = 3;

    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(30);

    /// <summary>Where it holds its money.</summary>
    public Address Address => keys.BaseAddress(network);

    /// <summary>A plan that it pays for and signs, ending half an hour from now.</summary>
    public async Task<(TransactionPlan Plan, ProtocolParameters Parameters, SlotConfig Slots, DateTimeOffset Now)> PlanAsync(CancellationToken cancellation)
    {
        var clock = new ChainClock(TimeProvider.System);
        clock.Observe(await chain.GetTipAsync(cancellation));
        var slots = await chain.GetSlotConfigAsync(cancellation);
        var now = clock.GetUtcNow();
        var plan = new TransactionPlan
        {
            Available = await chain.GetUtxosAsync(Address, cancellation),
            ChangeAddress = Address,
            Signers = [keys.Payment],
            InvalidHereafter = slots.SlotAt(now + Validity),
        };
        return (plan, await chain.GetParametersAsync(cancellation), slots, now);
    }

    /// <summary>Builds; throws <see cref="FormatException"/> with the reason when it cannot be.</summary>
    public static Transaction Build(TransactionPlan plan, ProtocolParameters parameters, SlotConfig slots) =>
        TransactionBuilder.Build(plan, parameters, slots, new PlutusEvaluator()) switch
        {
            BuildResult.Built built => built.Transaction,
            BuildResult.Failed { Reason: BuildFailure.ScriptFailed s } => throw new FormatException(
                "the contract refuses: "
                    + (s.Evaluation.ContextFailure ?? string.Join("; ", s.Evaluation.Executions.Where(e => e.Failure is not null).Select(e => e.Failure)))
            ),
            BuildResult.Failed failed => throw new FormatException($"no transaction can be built with what is at {plan.ChangeAddress}: {failed.Reason}"),
            _ => throw new InvalidOperationException(),
        };

    /// <summary>Submits; the exit code and the outcome in words. What is unclear may have happened.</summary>
    public async Task<(int Code, string Outcome, string? Reason)> SubmitAsync(Transaction transaction, CancellationToken cancellation) =>
        await chain.SubmitAsync(transaction, cancellation) switch
        {
            SubmitResult.Accepted => (Done, "accepted", null),
            SubmitResult.Refused refused => (Refused, "refused", refused.Reason),
            SubmitResult.Unknown unknown => (Unclear, "unknown", unknown.Reason),
            _ => throw new InvalidOperationException(),
        };
}
