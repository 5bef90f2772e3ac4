using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Explaining;

/// <summary>Who is who in the escrows of a transaction, by payment key.</summary>
internal sealed class PartyRoles
{
    private readonly Dictionary<Credential, List<string>> _roles = [];

    public PartyRoles(Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> outputs, ContractBook book)
    {
        var contracts = new HashSet<KnownContract>();
        foreach (var output in transaction.Body.Inputs.Select(outputs.GetValueOrDefault).Concat(transaction.Body.Outputs).OfType<TxOutput>())
        {
            if (book.EscrowAt(output.Address) is not { } contract || EscrowActs.DatumOf(output, contract) is not { } datum)
            {
                continue;
            }

            Add(datum.Buyer, "buyer");
            Add(datum.Seller, "seller");
            Add(datum.BuyerReturn, "buyer's return address");
            Add(datum.SellerReturn, "seller's return address");
            contracts.Add(contract);
        }

        foreach (var contract in contracts)
        {
            Add(contract.Instance.FeeAddress, "fee address");
            foreach (var admin in contract.Instance.Admins)
            {
                Add(Credential.Key(admin), "admin");
            }
        }
    }

    /// <summary>What a key is.</summary>
    public ImmutableArray<string> Of(KeyHash key) => _roles.TryGetValue(Credential.Key(key), out var roles) ? [.. roles] : [];

    /// <summary>Whose address it is; null for nobody's in particular.</summary>
    public string? Of(Address address) => address.Payment is { } payment && _roles.TryGetValue(payment, out var roles) ? string.Join(" and ", roles) : null;

    private void Add(Address? address, string role)
    {
        if (address?.Payment is { } payment)
        {
            Add(payment, role);
        }
    }

    private void Add(Credential credential, string role)
    {
        var roles = _roles.TryGetValue(credential, out var known) ? known : _roles[credential] = [];
        if (!roles.Contains(role))
        {
            roles.Add(role);
        }
    }
}
