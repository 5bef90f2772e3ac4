using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Sources;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Sources;

/// <summary>The contract that follows from what a new source is to be like (spec payment-service-api.md 6.5).</summary>
/// <param name="Contract">The escrow.</param>
/// <param name="Policy">The registry policy that belongs to it.</param>
internal sealed record SourceContract(EscrowContract Contract, PolicyId Policy)
{
    private const string AdminWallets = "AdminWallets";
    private const string FeeReceiver = "FeeReceiverNetworkWallet";

    /// <summary>
    /// What a request asks for, or why there is no such contract. With the parameters of the network's deployed contract it is that one, where the chain has it; with
    /// others, or on a network of one's own, it is ours. Throws <see cref="ChainUnavailableException"/> when the chain does not say.
    /// </summary>
    public static async Task<(SourceContract? Contract, Refusal? Refusal)> FindAsync(CreateSourceRequest request, IChain chain, CancellationToken cancellation)
    {
        var (parameters, refusal) = Read(request);
        if (parameters is null)
        {
            return (null, refusal);
        }

        var deployed = KnownDeployments.All.FirstOrDefault(d =>
            d.Network == request.Network && d.Family == parameters.Family && IsSame(d.Parameters, parameters)
        );
        if (deployed is not null && await chain.FindScriptAsync(deployed.EscrowScriptHash, cancellation) is not null)
        {
            return (new(deployed.Contract, deployed.RegistryPolicy), null);
        }

        var own = ContractCatalog.OwnInstance(parameters, request.Network.ToNetworkId());
        return (new(own, OwnPolicy(own.Family, own.Address)), null);
    }

    /// <summary>The policy of our own registry for a source's contract.</summary>
    public static PolicyId OwnPolicy(PaymentSource source) => OwnPolicy(source.Family, source.ContractAddress);

    private static PolicyId OwnPolicy(EscrowFamily family, Address escrow) => new(RegistryScript.Of(family, escrow).Hash.Hash);

    private static (EscrowParameters? Parameters, Refusal? Refusal) Read(CreateSourceRequest request)
    {
        var network = request.Network.ToNetworkId();
        var isV1 = request.PaymentSourceType == PaymentSourceType.Web3CardanoV1;
        var admins = ImmutableArray.CreateBuilder<KeyHash>(request.AdminWallets.Length);
        foreach (var slot in request.AdminWallets)
        {
            if (!Address.TryParse(slot.WalletAddress, out var admin) || !OfferVerification.IsParty(admin, network, null))
            {
                return (null, SourceRefusals.InvalidAddress.With(("member", AdminWallets)));
            }

            admins.Add(admin.Payment!.Value.AsKey!.Value);
        }

        Address? fee = null;
        if (isV1 && (!Address.TryParse(request.FeeReceiverNetworkWallet!.WalletAddress, out fee) || !OfferVerification.IsParty(fee, network, null)))
        {
            return (null, SourceRefusals.InvalidAddress.With(("member", FeeReceiver)));
        }

        var parameters = new EscrowParameters
        {
            Family = isV1 ? EscrowFamily.V1 : EscrowFamily.V2,
            RequiredAdmins = isV1 ? KnownDeployments.DefaultRequiredAdmins : (int)request.RequiredAdminSignatures!.Value,
            Admins = admins.MoveToImmutable(),
            Cooldown = request.CooldownTime is { } ms
                ? TimeSpan.FromMilliseconds(Math.Min(ms, long.MaxValue / TimeSpan.TicksPerMillisecond))
                : KnownDeployments.DefaultCooldown,
            FeeAddress = fee,
            FeePermille = isV1 ? (int)request.FeeRatePermille!.Value : 0,
        };
        var refusals = EscrowParameters.Refusals(parameters, network);
        return refusals.IsEmpty
            ? (parameters, null)
            : (null, SourceRefusals.InvalidParameters.With(("member", Member(refusals[0].Parameter)), ("reason", refusals[0].Reason)));
    }

    private static string Member(EscrowParameter parameter) =>
        parameter switch
        {
            EscrowParameter.Admins => AdminWallets,
            EscrowParameter.RequiredAdmins => "requiredAdminSignatures",
            EscrowParameter.Cooldown => "cooldownTime",
            EscrowParameter.FeeAddress => FeeReceiver,
            _ => "feeRatePermille",
        };

    private static bool IsSame(EscrowParameters one, EscrowParameters other) =>
        one.RequiredAdmins == other.RequiredAdmins
        && one.Admins.SequenceEqual(other.Admins)
        && one.Cooldown == other.Cooldown
        && one.FeePermille == other.FeePermille
        && one.FeeAddress == other.FeeAddress;
}
