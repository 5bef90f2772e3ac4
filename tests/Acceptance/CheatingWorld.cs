using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;
using Masumi.Devnet;
using Masumi.Payments.Tests;
using Masumi.Plutus;
using Masumi.Protocol;

namespace Masumi.Acceptance;

/// <summary>A devnet with a seller, a buyer and a stranger, our compiled escrow contract, and one job's signed terms.</summary>
internal sealed class CheatingWorld : IDisposable
{
    private static readonly Script Script = ContractCatalog.DefaultEscrow(EscrowFamily.V2);
    private readonly PlutusEvaluator _evaluator = new();

    public CheatingWorld(Lovelace price)
    {
        Chain = new DevnetChain(new DevnetOptions { Evaluator = _evaluator });
        Chain.Advance(TimeSpan.FromHours(1));
        Seller = Wallet(1);
        Buyer = Wallet(2);
        Stranger = Wallet(3);
        foreach (var wallet in (WalletKeys[])[Seller, Buyer, Stranger])
        {
            Assert.IsType<DevnetFunding.Paid>(Chain.Fund(AddressOf(wallet), Value.Of(Lovelace.FromAda(200))));
            Assert.IsType<DevnetFunding.Paid>(Chain.Fund(AddressOf(wallet), Value.Of(Lovelace.FromAda(50))));
        }

        Contract = new EscrowContract
        {
            Family = EscrowFamily.V2,
            Address = EscrowScript.AddressOf(Script, NetworkId.Testnet),
            RequiredAdmins = KnownDeployments.DefaultRequiredAdmins,
            Admins = KnownDeployments.DefaultAdmins,
            Cooldown = KnownDeployments.DefaultCooldown,
        };
        Transactions = new EscrowTransactions(Contract, Script, Chain.Parameters, Chain.Slots);
        var now = Now;
        Deadlines = new Deadlines(now.AddMinutes(30), now.AddHours(2), now.AddHours(8), now.AddHours(14));
        var offer = new EscrowOffer
        {
            Family = EscrowFamily.V2,
            AgentIdentifier = AgentIdentifier.Parse(RegistryScript.V2.Hash + new string('1', 64)),
            BuyerNonce = BuyerNonce.Parse("0123456789abcdef"),
            InputHash = new string('a', 64),
            Deadlines = Deadlines,
            Seller = AddressOf(Seller),
            Escrow = Contract.Address,
            SupportedPaymentSourceIndex = 0,
        };
        Terms = new EscrowTerms
        {
            Identifier = offer.Sign(Seller.Payment, SellerNonce.From(new byte[32])),
            Deadlines = Deadlines,
            InputHash = InputHash.Parse(offer.InputHash),
            Price = Value.Of(price),
            Seller = AddressOf(Seller),
        };
    }

    public static ResultHash Result { get; } = ResultHash.Parse(new string('b', 64));

    public DevnetChain Chain { get; }

    public EscrowContract Contract { get; }

    public EscrowTransactions Transactions { get; }

    public EscrowTerms Terms { get; }

    public Deadlines Deadlines { get; }

    public WalletKeys Seller { get; }

    public WalletKeys Buyer { get; }

    public WalletKeys Stranger { get; }

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Chain.Slots.PosixMilliseconds(Chain.CurrentSlot));

    public static Address AddressOf(WalletKeys wallet) => wallet.BaseAddress(NetworkId.Testnet);

    /// <summary>The validity interval of now, whatever a leg was planned for.</summary>
    public ValidityWindow Window => new(Chain.CurrentSlot - 60, Chain.CurrentSlot + 240);

    public Utxo Lock()
    {
        var size = LockSizing.Of(Terms, Contract.Address, AddressOf(Buyer), null, Chain.Parameters);
        var pieces = Transactions.Lock([size], Now, out _)!;
        return EscrowOf(Accept(pieces, Buyer));
    }

    public Utxo Submit(Utxo escrow) => EscrowOf(Accept(EscrowPieces.Of(Leg(Transactions.SubmitResult(escrow, Result, Now))), Seller));

    public static EscrowLeg Leg(LegResult result) =>
        result is LegResult.Ready ready
            ? ready.Leg
            : throw new InvalidOperationException($"The honest action is refused: {((LegResult.Failed)result).Reason}.");

    /// <summary>The honest transaction goes through.</summary>
    public Transaction Accept(EscrowPieces pieces, WalletKeys wallet)
    {
        var transaction = Build(pieces, wallet, _evaluator);
        var answer = Chain.Submit(transaction);
        Assert.True(answer is DevnetSubmission.Accepted, answer is DevnetSubmission.Refused refused ? string.Join("; ", refused.Failures) : answer.ToString());
        return transaction;
    }

    /// <summary>The cheat is right in everything the ledger can see, so that only the contract can stop it; and it does, and nothing moves.</summary>
    public void Refuse(EscrowPieces pieces, WalletKeys wallet)
    {
        var transaction = Build(pieces, wallet, new CheatingEvaluator(_evaluator));
        var before = Chain.State;
        var refused = Assert.IsType<DevnetSubmission.Refused>(Chain.Submit(transaction));
        Assert.Equal(["ValidationTagMismatch"], refused.Failures.Select(f => f.Predicate));
        Assert.Same(before, Chain.State);
    }

    public void Dispose() => Chain.Dispose();

    private Transaction Build(EscrowPieces pieces, WalletKeys wallet, IScriptEvaluator evaluator)
    {
        var coins = Chain.State.Utxos.Where(u => u.Value.Address == AddressOf(wallet)).Select(u => new Utxo(u.Key, u.Value)).OrderBy(u => u.Input);
        var plan = new TransactionPlan
        {
            ChangeAddress = AddressOf(wallet),
            Available = [.. coins],
            Signers = [wallet.Payment],
        };
        var result = TransactionBuilder.Build(pieces.AddTo(plan), Chain.Parameters, Chain.Slots, evaluator);
        return result is BuildResult.Built built ? built.Transaction : throw new InvalidOperationException($"{((BuildResult.Failed)result).Reason}");
    }

    private Utxo EscrowOf(Transaction transaction)
    {
        var index = transaction.Body.Outputs.Select((o, i) => (o, i)).Single(p => p.o.Address == Contract.Address).i;
        return new Utxo(new TxInput(transaction.Id, index), transaction.Body.Outputs[index]);
    }

    private static WalletKeys Wallet(byte seed) => WalletKeys.FromMnemonic(Mnemonic.FromEntropy(Enumerable.Repeat(seed, 16).ToArray()));
}
