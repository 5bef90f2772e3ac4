using Masumi.Cardano.Addresses;
using Masumi.Payments;

namespace Masumi.Node.Settings;

/// <summary>Where a key that is no admin's may have money sent besides this node's own wallets: <c>payees</c>, a list of addresses (decision 15).</summary>
internal static class PayeeSettings
{
    private const string Allowed = "an address in bech32";

    /// <summary>Reads them; what is wrong is noted.</summary>
    public static Payees Read(SettingsReader reader, NodeNetwork? network)
    {
        var addresses = (reader.OptionalTexts("payees", Allowed) ?? []).Select((text, i) => Read(reader, $"payees[{i}]", text, network)).ToList();
        return new Payees([.. addresses.OfType<Address>()]);
    }

    private static Address? Read(SettingsReader reader, string name, string text, NodeNetwork? network)
    {
        var address = reader.Parsed(name, text, Address.Parse, Allowed);
        if (address is not null && network is { } known && address.Network != known.ToNetworkId())
        {
            reader.Refuse(name, $"an address on {known} is needed, got {address}");
        }

        return address;
    }
}
