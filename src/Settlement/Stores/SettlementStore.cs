using Dapper;
using Masumi.Storage;

namespace Masumi.Settlement.Stores;

/// <summary>
/// Everything durable of the engine, on either store: one store per aggregate, over one database. Each of their public methods is one database
/// transaction; none of them calls out, knows a clock, or decides: what is to become of a row, and when that is, is told to them.
/// </summary>
public sealed class SettlementStore
{
    static SettlementStore()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    /// <summary>Stores on an opened database whose settlement migrations have run.</summary>
    public SettlementStore(IDatabase database)
    {
        var works = new Works(database);
        Deals = new DealStore(works);
        Attempts = new AttemptStore(works);
        Chain = new ChainStore(works);
        Sources = new SourceStore(works);
        Wallets = new WalletStore(works);
        Registrations = new RegistrationStore(works);
        Transfers = new TransferStore(works);
        Balances = new BalanceStore(works);
        TopUps = new TopUpStore(works);
        Scripts = new ScriptStore(works);
        Events = new OutboxStore(works);
        Life = new LifeStore(works);
        Rounds = new RoundStore(works);
    }

    /// <summary>The numbered migrations of this module.</summary>
    public static MigrationModule Migrations { get; } = MigrationModule.FromAssembly("settlement", typeof(SettlementStore).Assembly);

    /// <summary>Deals and their histories.</summary>
    public DealStore Deals { get; }

    /// <summary>Signed transactions and what became of them.</summary>
    public AttemptStore Attempts { get; }

    /// <summary>What the chain showed at the contracts' addresses.</summary>
    public ChainStore Chain { get; }

    /// <summary>Contract instances.</summary>
    public SourceStore Sources { get; }

    /// <summary>Hot wallets.</summary>
    public WalletStore Wallets { get; }

    /// <summary>Agents this node registers.</summary>
    public RegistrationStore Registrations { get; }

    /// <summary>Money sent out of wallets.</summary>
    public TransferStore Transfers { get; }

    /// <summary>Rules about wallets' balances.</summary>
    public BalanceStore Balances { get; }

    /// <summary>What wallets are topped up with.</summary>
    public TopUpStore TopUps { get; }

    /// <summary>Contract scripts.</summary>
    public ScriptStore Scripts { get; }

    /// <summary>What others should hear.</summary>
    public OutboxStore Events { get; }

    /// <summary>Signs of life.</summary>
    public LifeStore Life { get; }

    /// <summary>What a round of the engine reads together.</summary>
    public RoundStore Rounds { get; }
}
