using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Plutus;
using Masumi.Protocol;

namespace Masumi.Payments.Tests;

/// <summary>
/// A party of a deal that goes past its node: it has the wallet's keys, coins at their enterprise address that the node does not look at, and builds its transactions
/// itself, in the shortest form and with the script beside them.
/// </summary>
internal sealed class PartyOnChain
{
    private readonly PaymentWorld _world;
    private readonly WalletKeys _keys;
    private readonly PlutusEvaluator _evaluator = new();
    private readonly Utxo _script;
    private readonly EscrowTransactions _transactions;

    public PartyOnChain(PaymentWorld world, WalletKeys keys)
    {
        (_world, _keys) = (world, keys);
        _transactions = new EscrowTransactions(world.Contract, null, world.Devnet.Parameters, world.Devnet.Slots) { Form = TransactionForm.Shortest };
        _script = Publish();
    }

    private Address Home => Address.Create(NetworkId.Testnet, Credential.Key(_keys.Payment.KeyHash));

    private DateTimeOffset Now => _world.Devnet.Slots.TimeOf(_world.Devnet.CurrentSlot);

    /// <summary>The escrow of a deal.</summary>
    public Utxo Escrow(string identifier) =>
        _world
            .Devnet.State.Utxos.Where(u => u.Value.Address == _world.Escrow)
            .Select(u => new Utxo(u.Key, u.Value))
            .Single(u => IdentifierParts.Of(Datum(u), _world.Escrow).Encode() == identifier);

    public EscrowDatum Datum(Utxo escrow) =>
        EscrowDatum.TryRead(escrow.Output, _world.Contract.Family, out var datum, out var refusal)
            ? datum
            : throw new InvalidOperationException(refusal.ToString());

    /// <summary>Seller: a "result" of any length, with the ADA its datum takes. <paramref name="isSure"/>: sent even where the contract says no.</summary>
    public BuildResult Result(Utxo escrow, int bytes, bool isSure = false)
    {
        var leg = Ready(_transactions.SubmitResult(escrow, ResultHash.From(new byte[32]), Now));
        var datum = leg.NewDatum! with { ResultHash = new ByteString(Enumerable.Range(0, bytes).Select(i => (byte)i).ToArray()) };

        // The rest of the coin goes into the escrow: change would take bytes.
        var value = leg.Outputs[0].Value + Value.Of(new Lovelace(198_200_000));
        var output = new TxOutput(_world.Escrow, value, new TxDatum.Inline(Cardano.Transactions.Datum.Shortest(datum.ToData())));
        return Build(leg with { Outputs = [output], NewDatum = datum }, [Coin(Lovelace.FromAda(200)), Coin(Lovelace.FromAda(5))], isSure);
    }

    /// <summary>Buyer: asks for a refund, from a coin for the fee and one for collateral.</summary>
    public BuildResult Dispute(Utxo escrow) =>
        Build(Ready(_transactions.RequestRefund(escrow, Now)), [Coin(new Lovelace(1_900_000)), Coin(Lovelace.FromAda(5))], isSure: false);

    /// <summary>Money at the contract under a datum of one's own making.</summary>
    public BuildResult Lock(EscrowDatum datum, Lovelace amount) =>
        TransactionBuilder.Build(
            new TransactionPlan
            {
                ChangeAddress = Home,
                Available = [Coin(Lovelace.FromAda(200))],
                Outputs = [new TxOutput(_world.Escrow, Value.Of(amount), new TxDatum.Inline(Cardano.Transactions.Datum.Shortest(datum.ToData())))],
                Signers = [_keys.Payment],
            },
            _world.Devnet.Parameters,
            _world.Devnet.Slots,
            _evaluator
        );

    /// <summary>What the chain says.</summary>
    public DevnetSubmission Send(BuildResult built) => _world.Devnet.Submit(Assert.IsType<BuildResult.Built>(built).Transaction);

    private static EscrowLeg Ready(LegResult result) => Assert.IsType<LegResult.Ready>(result).Leg;

    private BuildResult Build(EscrowLeg leg, ImmutableArray<Utxo> coins, bool isSure)
    {
        var plan = new TransactionPlan
        {
            ChangeAddress = Home,
            Available = coins,
            ReferenceInputs = [_script],
            Signers = [_keys.Payment],
            Form = TransactionForm.Shortest,
        };
        IScriptEvaluator evaluator = isSure ? new CheatingEvaluator(_evaluator) : _evaluator;
        return TransactionBuilder.Build(EscrowPieces.Of(leg).AddTo(plan), _world.Devnet.Parameters, _world.Devnet.Slots, evaluator);
    }

    private Utxo Coin(Lovelace amount)
    {
        if (Find(Home, amount) is { } found)
        {
            return found;
        }

        Assert.IsType<DevnetFunding.Paid>(_world.Devnet.Fund(Home, Value.Of(amount)));
        return Find(Home, amount) ?? throw new InvalidOperationException("The faucet's coin is not there.");
    }

    private Utxo? Find(Address address, Lovelace amount) =>
        _world
            .Devnet.State.Utxos.Where(u => u.Value.Address == address && u.Value.Value == Value.Of(amount))
            .Select(u => new Utxo(u.Key, u.Value))
            .FirstOrDefault();

    private Utxo Publish()
    {
        if (Published() is { } already)
        {
            return already;
        }

        var plan = new TransactionPlan
        {
            ChangeAddress = Home,
            Available = [Coin(Lovelace.FromAda(100))],
            Outputs = [new TxOutput(Home, Value.Zero, null, _world.Script).WithMinUtxo(_world.Devnet.Parameters)],
            Signers = [_keys.Payment],
        };
        Assert.IsType<DevnetSubmission.Accepted>(Send(TransactionBuilder.Build(plan, _world.Devnet.Parameters, _world.Devnet.Slots, _evaluator)));
        return Published() ?? throw new InvalidOperationException("The script is not on chain.");
    }

    private Utxo? Published() =>
        _world
            .Devnet.State.Utxos.Where(u => u.Value.ReferenceScript?.Hash == _world.Contract.ScriptHash)
            .Select(u => new Utxo(u.Key, u.Value))
            .FirstOrDefault();
}
