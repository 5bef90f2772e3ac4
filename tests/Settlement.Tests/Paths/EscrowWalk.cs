using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Ledger.State;
using Masumi.Plutus;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Futures;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Paths;

/// <summary>Where an escrow and its two deals stand.</summary>
/// <param name="Point">The escrow on the ledger; null when it is gone.</param>
/// <param name="Ledger">The ledger.</param>
/// <param name="Now">Chain time.</param>
/// <param name="Buyer">The purchase.</param>
/// <param name="Seller">The payment.</param>
/// <param name="Steps">What happened to the escrow, in chain order.</param>
/// <param name="Before">Where it stood before its last transaction; null at the lock.</param>
/// <param name="Way">How it got here, in words.</param>
internal sealed record Stand(
    ForkPoint? Point,
    LedgerState Ledger,
    DateTimeOffset Now,
    Deal Buyer,
    Deal Seller,
    ImmutableList<EscrowStep> Steps,
    Stand? Before,
    ImmutableList<string> Way
)
{
    public Deal Of(EscrowParty party) => party == EscrowParty.Buyer ? Buyer : Seller;

    public override string ToString() => string.Join(" > ", Way);
}

/// <summary>
/// One escrow with the real contract and the real ledger below it, and both parties' deals with the real projector and the real machine above: moves go one
/// level deeper, and nothing else is made up. Pure.
/// </summary>
internal sealed class EscrowWalk
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly Deadlines Deadlines = new(Start.AddHours(1), Start.AddHours(4), Start.AddHours(6), Start.AddHours(8));
    public static readonly Value Price = Value.Of(Lovelace.FromAda(100));

    private static readonly SlotConfig Slots = new(Start.AddDays(-10), new Slot(0), TimeSpan.FromSeconds(1));
    private static readonly AgentIdentifier Agent = AgentIdentifier.Parse(new string('0', 56) + "ab");
    private static readonly InputHash Input = InputHash.Parse(new string('a', 64));
    private static readonly DealRules Rules = new();

    private readonly EscrowContract _contract;
    private readonly FutureFork _fork;
    private readonly ProjectionContext _context;

    public EscrowWalk(EscrowFamily family)
    {
        _contract = family == EscrowFamily.V1 ? SettlementWorld.ContractV1 : SettlementWorld.Contract;

        // The keys that a fork gives its parties, so that the escrow that is played is the one that was agreed on.
        var buyer = AddressOf(1);
        var seller = AddressOf(2);
        var offer = new EscrowOffer
        {
            Family = family,
            AgentIdentifier = Agent,
            BuyerNonce = BuyerNonce.Parse("0123456789abcdef"),
            InputHash = Input.ToString(),
            Deadlines = Deadlines,
            Seller = seller,
            Escrow = _contract.Address,
        };
        var identifier = BlockchainIdentifier.Parse(offer.Sign(KeyOf(2), SellerNonce.From(new byte[32])).Encode());
        Deal Side(DealSide side) =>
            new()
            {
                Id = side.ToString(),
                Side = side,
                SourceId = "source",
                Family = family,
                Terms = new DealTerms(identifier, Agent, PricingType.Fixed, Price, Input, Deadlines, seller, null, null),
                WalletId = "wallet",
                CreatedAt = Start,
            };
        var terms = Side(DealSide.Purchase).Terms.ToEscrow();
        var lockedAt = new TxInput(TransactionOf(0), 0);
        var locked = new TxOutput(_contract.Address, Price, terms.LockDatum(buyer, null, Lovelace.Zero).ToInline());
        _fork = new FutureFork(
            new FutureStart
            {
                Contract = _contract,
                Script = new ContractScript(ContractCatalog.DefaultEscrow(family), null),
                Parameters = ProtocolParameters.Mainnet,
                Slots = Slots,
                Escrow = new Utxo(lockedAt, locked),
                Now = Start,
            },
            new PlutusEvaluator()
        );
        _context = new ProjectionContext(
            _contract.Address,
            1_000,
            new Dictionary<Address, ImmutableArray<string>> { [buyer] = ["wallet"] },
            Confirmations.Always(0)
        );
        var now = Start.AddMinutes(30);
        var point = _fork.Start(now);
        var step = new EscrowStep("source", Block(1, now), 0, 0, TransactionOf(0), identifier.ToString(), null, null, lockedAt, locked, true, Lovelace.Zero);
        First = Project(
            new Stand(
                point,
                point.State,
                now,
                DealMachine.Begin(Side(DealSide.Purchase), now, Rules),
                DealMachine.Begin(Side(DealSide.Payment), now, Rules),
                [step],
                null,
                ["lock"]
            )
        );
    }

    /// <summary>The escrow has just been locked.</summary>
    public Stand First { get; }

    /// <summary>Who has what more than before the lock was spent.</summary>
    public FutureHoldings Holdings(Stand stand) => _fork.Holdings(stand.Ledger);

    /// <summary>From when admins may divide the money; null when they may not.</summary>
    public DateTimeOffset? AdminsFrom(Stand stand) => stand.Point is { } point ? _fork.AdminsFrom(point with { Now = stand.Now }) : null;

    /// <summary>What contract and ledger would let a party do, whatever its node wants.</summary>
    public IEnumerable<ForkChance.Open> Chances(Stand stand) =>
        stand.Point is { } point
            ? Enum.GetValues<Intent>()
                .Except([Intent.Nothing, Intent.Lock])
                .Select(i => _fork.Look(point with { Now = stand.Now }, i))
                .OfType<ForkChance.Open>()
            : [];

    /// <summary>What a party's node does by itself from here, at its time; null when it waits.</summary>
    public static DealStep.Act? Next(Stand stand, EscrowParty party) =>
        DealMachine.Next(stand.Of(party), stand.Now, Rules) is DealStep.Act act && act.Action != Intent.Lock ? act : null;

    /// <summary>The next moment at which a party's node looks at its deal, or acts.</summary>
    public static DateTimeOffset? Wakes(Stand stand, EscrowParty party) => stand.Of(party).NextAt;

    /// <summary>An owner decides.</summary>
    public static Stand Decide(Stand stand, EscrowParty party, DealEvent decision)
    {
        var after = DealMachine.Apply(stand.Of(party), decision, stand.Now, Rules).Deal;
        return (party == EscrowParty.Buyer ? stand with { Buyer = after } : stand with { Seller = after }) with { Way = stand.Way.Add($"{decision}") };
    }

    /// <summary>Time passes.</summary>
    public static Stand WaitUntil(Stand stand, DateTimeOffset time)
    {
        Deal After(Deal deal) => DealMachine.Apply(deal, new DealEvent.TimePassed(), time, Rules).Deal;
        return stand with { Now = time, Buyer = After(stand.Buyer), Seller = After(stand.Seller), Way = stand.Way.Add(Words(time)) };
    }

    /// <summary>A fork takes the last transaction of the escrow back; wishes and time stay.</summary>
    public Stand RollBack(Stand stand)
    {
        var before = stand.Before!;
        return Project(
            stand with
            {
                Point = before.Point,
                Ledger = before.Ledger,
                Steps = before.Steps,
                Before = before.Before,
                Way = stand.Way.Add("rolled back"),
            }
        );
    }

    /// <summary>A transaction is made and judged; null when contract or ledger refuse it.</summary>
    public Stand? Play(Stand stand, Intent action, EscrowParty by, DateTimeOffset at, out string? refusal)
    {
        var point = stand.Point! with { Now = at };
        refusal = null;
        if (_fork.Look(point, action) is not ForkChance.Open chance || chance.At > at)
        {
            refusal = $"{_fork.Look(point, action)}";
            return null;
        }

        var played = _fork.Play(point, chance);
        if (played is ForkStep.Refused refused)
        {
            refusal = refused.Why;
            return null;
        }

        var (next, ledger, move) = played switch
        {
            ForkStep.Goes goes => ((ForkPoint?)goes.Point, goes.Point.State, goes.Move),
            ForkStep.Ends ends => (null, ends.State, ends.Move),
            var other => throw new InvalidOperationException($"{other}"),
        };
        var step = new EscrowStep(
            "source",
            Block(stand.Steps.Count + 1, at),
            0,
            0,
            next?.Escrow.Input.TxId ?? TransactionOf(stand.Steps.Count),
            stand.Buyer.Terms.Identifier.ToString(),
            ActionOf(action),
            point.Escrow.Input,
            next?.Escrow.Input,
            next?.Escrow.Output,
            false,
            move.Fee
        );
        return Project(
            stand with
            {
                Point = next,
                Ledger = ledger,
                Now = at,
                Steps = stand.Steps.Add(step),
                Before = stand,
                Way = stand.Way.Add($"{by} {action} {Words(at)}"),
            }
        );
    }

    private Stand Project(Stand stand)
    {
        Deal After(Deal deal) => DealMachine.Apply(deal, new DealEvent.Projected(Projector.Project(deal, stand.Steps, _context)), stand.Now, Rules).Deal;
        return stand with { Buyer = After(stand.Buyer), Seller = After(stand.Seller) };
    }

    private static EscrowAction ActionOf(Intent action) =>
        action switch
        {
            Intent.SubmitResult => EscrowAction.SubmitResult,
            Intent.RequestRefund => EscrowAction.SetRefundRequested,
            Intent.CancelRefundRequest => EscrowAction.UnSetRefundRequested,
            Intent.AuthorizeRefund => EscrowAction.AuthorizeRefund,
            Intent.AuthorizeWithdrawal => EscrowAction.AuthorizeWithdrawal,
            Intent.Withdraw => EscrowAction.Withdraw,
            Intent.WithdrawRefund => EscrowAction.WithdrawRefund,
            _ => throw new InvalidOperationException($"No action on an escrow: {action}."),
        };

    private static BlockPoint Block(int height, DateTimeOffset time) =>
        new(height, new Hash32([.. Enumerable.Repeat((byte)height, 32)]), Slots.SlotAt(time), time);

    private static TransactionId TransactionOf(int number) => new(new Hash32([.. Enumerable.Repeat((byte)(0x30 + number), 32)]));

    private static SigningKey KeyOf(byte seed) => SigningKey.FromSeed([.. Enumerable.Repeat(seed, 32)]);

    private static Address AddressOf(byte seed) => Address.Create(NetworkId.Testnet, Credential.Key(KeyOf(seed).KeyHash));

    private static string Words(DateTimeOffset time) => (time - Start).ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);
}
