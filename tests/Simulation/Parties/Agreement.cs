using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using Masumi.Simulation.Nodes;

namespace Masumi.Simulation.Parties;

/// <summary>What buyer and seller of a job agreed: signed, with its deadlines. The same whenever the job is in the scenario.</summary>
internal sealed record Agreement(Job Job, EscrowTerms Terms, string Identifier)
{
    /// <summary>The agent everybody hires.</summary>
    public static AgentIdentifier Agent { get; } = AgentIdentifier.Parse(new string('0', 56) + "ab");

    /// <summary>Which contract.</summary>
    public EscrowFamily Family => Terms.Identifier.Family;

    /// <summary>Its deadlines.</summary>
    public Deadlines Deadlines => Terms.Deadlines;

    /// <summary>What the buyer's node calls it.</summary>
    public string PurchaseId { get; } = string.Create(CultureInfo.InvariantCulture, $"purchase-{Job.Id:d5}");

    /// <summary>What the seller's node calls it.</summary>
    public string PaymentId { get; } = string.Create(CultureInfo.InvariantCulture, $"payment-{Job.Id:d5}");

    /// <summary>The selling wallet's name.</summary>
    public string SellingWallet => Materials.WalletName(Job.Seller, Family, sells: true, 0);

    /// <summary>The result that is delivered.</summary>
    public string ResultHash { get; } = HashOf($"result {Job.Id}");

    /// <summary>Agrees.</summary>
    public static Agreement Of(Job job)
    {
        var family = Enum.Parse<EscrowFamily>(job.Family);
        var name = Materials.WalletName(job.Seller, family, sells: true, 0);
        var at = Materials.Start.AddSeconds(Math.Floor(job.At));
        var later = job.Behaviour == Behaviour.Ransom ? at.AddYears(7_000) : at;
        var offer = new EscrowOffer
        {
            Family = family,
            AgentIdentifier = Agent,
            BuyerNonce = BuyerNonce.Parse(string.Create(CultureInfo.InvariantCulture, $"{job.Id:x16}")),
            InputHash = HashOf($"input {job.Id}"),
            Deadlines = new Deadlines(at.AddMinutes(30), later.AddMinutes(60), later.AddMinutes(90), later.AddMinutes(120)),
            Seller = Materials.AddressOf(name),
            Escrow = family == EscrowFamily.V2 ? Materials.Contract(family).Address : null,
        };
        var parts = offer.Sign(Materials.KeysOf(name).Payment, SellerNonce.From(SHA256.HashData(BitConverter.GetBytes(job.Id))));
        var terms = new EscrowTerms
        {
            Identifier = parts,
            Deadlines = offer.Deadlines,
            InputHash = InputHash.Parse(offer.InputHash),
            Price = Value.Of(Lovelace.FromAda(job.Ada)),
            Seller = offer.Seller,
        };
        return new Agreement(job, terms, parts.Encode());
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
