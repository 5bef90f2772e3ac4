using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>Shapes and meanings that requests about registrations share.</summary>
internal static class RegistryTexts
{
    public const long DefaultLimit = 10;
    public const string Cursor = "Begin at this row: the last one of the page before, which comes once more";
    public const string DiffCursor = "Of several rows that changed in the same millisecond, begin at this one";
    public const string LastUpdate = "Changes from then on, it included: the registrationStateLastChangedAt of the last row seen";
    public const string ContractFilter = "The registrations of this payment source alone, of either type";
    public const string InboxContractFilter = "The registrations of this payment source alone; left out, those of V1 sources, where the node has such a source";
    public const string TypeFilter = "Left out, and no source named: Web3CardanoV1, where the node has such a source";
    public const string Contract = "Of the payment source; left out, the one that the identifier belongs to";
    public const string ContractOfWallet = "Of the payment source; left out, the network's own V1 contract";
    public const string Recipient = "The wallet of the same payment source that is to hold the token; left out, the one that pays for it";
    public const string FundingMeaning = "ADA to lie beside the token, in lovelace; less than the chain and wallets need is raised to 5 ADA. For admin keys";
    public const string IdentifierMeaning = "Policy id and asset name of the agent's token, in hex";

    public static Shape<long> Limit { get; } = Shapes.Whole(1, 100);

    public static Shape<string> Identifier { get; } = Shapes.Text(57, 250);

    public static Shape<string> HexIdentifier { get; } = Shapes.Pattern("^[0-9a-fA-F]+$", null, 57, 250);

    public static Shape<string> Address { get; } = Shapes.Pattern("^(addr1|addr_test1)[0-9a-z]+$", null, 58, 120);

    public static Shape<string> Funding { get; } = Shapes.Pattern(@"^\d+$", null, 0, 17);

    public static Shape<string> InboxFunding { get; } = Shapes.Pattern(@"^\d+$", null, 0, 25);

    public static Shape<string> Vkey { get; } = Shapes.Pattern("^[0-9a-fA-F]{56}$", null, 56, 56);

    public static Shape<string> EvmNetwork { get; } = Shapes.Pattern(@"^eip155:\d+$");

    public static Shape<string> EvmAddress { get; } = Shapes.Pattern("^0x[a-fA-F0-9]{40}$");

    // What can be paid: a quantity on chain has 63 bits.
    public static Shape<string> PriceDigits { get; } =
        Shapes
            .Pattern(@"^\d+$", null, 0, 19)
            .Where(digits => Digits.TryRead<long>(digits, out var amount) && amount > 0 ? null : "Amount must be between 1 and 9223372036854775807");
}
