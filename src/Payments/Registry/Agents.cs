using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Tokens;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Registrations;
using static Masumi.Protocol.PaymentService.Registry.RegistryRefusals;
using Entries = Masumi.Contracts.Registry.Common;

namespace Masumi.Payments.Registry;

/// <summary>
/// This node's agents (spec payment-service-api.md 6.6). Tokens are minted, updated and burned by the engine alone: what is asked for here is looked at, and stored.
/// </summary>
internal sealed class Agents(PaymentsContext context, AgentDirectory chain)
{
    private readonly RegistryDesk _desk = new(context, chain);

    /// <summary>Registrations, newest first.</summary>
    public async Task<Reply<RegistryPage>> ListAsync(ListAgents request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        AgentIdentifier? agent = null;
        if (request.FilterAgentIdentifier is { } named && !AgentIdentifier.TryParse(named, out agent))
        {
            // It is none that anybody has.
            return new RegistryPage([]);
        }

        var paid = await PaidWhereAsync(request, cancellation);
        var (query, others) = await _desk.QueriesAsync(
            new RegistrationQuery(RegistrationKind.Agent)
            {
                States = RegistryDesk.StatesOf(request.FilterStatus),
                Agent = agent,
                Paid = paid,
                Search = request.SearchQuery,
                Cursor = request.CursorId,
                Limit = (int)request.Limit,
            },
            request.Network,
            request.FilterPaymentSourceType,
            request.FilterSmartContractAddress,
            hasDefault: agent is null && paid is null,
            caller,
            cancellation
        );
        var rows = await _desk.RowsAsync(cancellation);
        var found = await context.Registrations.ReportAsync(query, cancellation);
        return new RegistryPage([.. found.Select(rows.Agent)], await _desk.HiddenAsync(others, cancellation));
    }

    /// <summary>How many there are.</summary>
    public async Task<Reply<RegistryCount>> CountAsync(CountAgents request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (query, others) = await _desk.QueriesAsync(
            new RegistrationQuery(RegistrationKind.Agent),
            request.Network,
            request.FilterPaymentSourceType,
            request.FilterSmartContractAddress,
            hasDefault: true,
            caller,
            cancellation
        );
        return new RegistryCount(await context.Registrations.CountAsync(query, cancellation), await _desk.HiddenAsync(others, cancellation));
    }

    /// <summary>Registrations in the order of their changes.</summary>
    public async Task<Reply<RegistryPage>> DiffAsync(DiffAgents request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (query, _) = await _desk.QueriesAsync(
            new RegistrationQuery(RegistrationKind.Agent)
            {
                ChangedSince = request.LastUpdate,
                Cursor = request.CursorId,
                Limit = (int)request.Limit,
            },
            request.Network,
            request.FilterPaymentSourceType,
            request.FilterSmartContractAddress,
            hasDefault: true,
            caller,
            cancellation
        );
        var rows = await _desk.RowsAsync(cancellation);
        return new RegistryPage([.. (await context.Registrations.ReportAsync(query, cancellation)).Select(rows.Agent)]);
    }

    /// <summary>Asks for an agent's token.</summary>
    public async Task<Reply<RegistryEntry>> RegisterAsync(RegisterAgent request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var details = request.Details;
        var (minter, noWallet) = await _desk.MinterAsync(request.Network, request.SellingWalletVkey, MeantBy(details), caller, cancellation);
        if (minter is not var (wallet, source))
        {
            return noWallet!;
        }

        var (recipient, noRecipient) = await _desk.RecipientAsync(request.RecipientWalletAddress, wallet.SourceId, cancellation);
        if (
            (noRecipient ?? AgentChecks.OfGeneration(details, source.Family) ?? Check(details, request.Network, request.SendFundingLovelace, caller)) is
            { } wrong
        )
        {
            return wrong;
        }

        var entry = AgentEntries.Of(details, source.Family);
        if ((AgentChecks.OfEntry(entry) ?? await CheckAssetsAsync(details, request.Network, cancellation)) is { } unfit)
        {
            return unfit;
        }

        var registration = await context.Registrations.EnterAsync(
            new Registration
            {
                Id = context.Ids.Next(),
                Kind = RegistrationKind.Agent,
                SourceId = wallet.SourceId,
                WalletId = wallet.Id,
                RecipientWalletId = recipient is null || recipient.Id == wallet.Id ? null : recipient.Id,
                State = RegistrationState.RegistrationRequested,
                Name = entry.Name,
                Entry = Hex(entry),
                Funding = RegistryDesk.Funding(request.SendFundingLovelace),
                RequestedBy = caller.Id,
            },
            cancellation
        );
        return (await _desk.RowsAsync(cancellation)).Agent(new RegistrationReport(registration, null));
    }

    /// <summary>Asks for another entry. The token is burned, and the next one minted.</summary>
    public async Task<Reply<RegistryEntry>> UpdateAsync(UpdateAgent request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var details = request.Details;
        if (details.Pricing is not null)
        {
            return PricingOnV2;
        }

        var (held, notHeld) = await _desk.HeldAsync(
            RegistrationKind.Agent,
            request.AgentIdentifier,
            request.Network,
            request.SmartContractAddress,
            isUpdate: true,
            caller,
            cancellation
        );
        if (held is null)
        {
            return notHeld!;
        }

        if (!caller.CanAdmin && caller.Id != held.Registration.RequestedBy)
        {
            return NotYoursToUpdate;
        }

        if (!RegistrationMachine.CanUpdate(held.Registration.State))
        {
            return NotUpdatableNow.With(("state", Word.Text(held.Registration.State)));
        }

        var before = RegistryRows.EntryOf(held.Registration);
        if (details.Type != AgentType.Standard || before.Type != Entries.AgentEntryType.Standard)
        {
            return TypeNotUpdatable;
        }

        var (recipient, noRecipient) = await _desk.RecipientAsync(request.RecipientWalletAddress, held.Source.Id, cancellation);
        if ((noRecipient ?? Check(details, request.Network, request.SendFundingLovelace, caller)) is { } wrong)
        {
            return wrong;
        }

        var entry = AgentEntries.Of(details, held.Source.Family, before);
        if ((AgentChecks.OfEntry(entry) ?? await CheckAssetsAsync(details, request.Network, cancellation)) is { } unfit)
        {
            return unfit;
        }

        var asked = new RegistrationEvent.UpdateAsked(Hex(entry), held.Holder.Id, recipient?.Id, RegistryDesk.Funding(request.SendFundingLovelace));
        return await context.Registrations.UpdateAsync(held.Registration.Id, held.Agent, asked, cancellation) switch
        {
            (true, _) => await RowAsync(held.Registration.Id, cancellation),
            (false, var after) when after.State == held.Registration.State => StateChanged,
            (false, var after) => NotUpdatableAnyMore.With(("state", Word.Text(after.State))),
            null => RegistrationNotFound,
        };
    }

    /// <summary>Asks for the token to be burned.</summary>
    public async Task<Reply<RegistryEntry>> DeregisterAsync(DeregisterAgent request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (id, notAsked) = await _desk.RetireAsync(
            RegistrationKind.Agent,
            request.AgentIdentifier,
            request.Network,
            request.SmartContractAddress,
            caller,
            cancellation
        );
        return id is null ? notAsked! : await RowAsync(id, cancellation);
    }

    /// <summary>Forgets a registration.</summary>
    public async Task<Reply<RegistryEntry>> DeleteAsync(DeleteRegistration request, CancellationToken cancellation)
    {
        var (report, refusal) = await _desk.DeleteAsync(RegistrationKind.Agent, request.Id, cancellation);
        return report is null ? refusal! : (await _desk.RowsAsync(cancellation)).Agent(report);
    }

    private async Task<Reply<RegistryEntry>> RowAsync(string id, CancellationToken cancellation) =>
        await context.Registrations.ReportAsync(id, cancellation) is { } report ? (await _desk.RowsAsync(cancellation)).Agent(report) : RowNotFound;

    // Everything that can be said without the chain.
    private static Refusal? Check(AgentDetails details, Network network, string? funding, ApiKey caller) =>
        RegistryDesk.OfFunding(funding, caller)
        ?? AgentChecks.OfUrls(details)
        ?? (details.Sources is { } sources ? AgentChecks.OfSources(sources, network, caller.Allows) : null)
        ?? AgentChecks.OfPrices(details);

    // A unit that is none is not on chain either. Tokens that the network knows by name need no asking.
    private async Task<Refusal?> CheckAssetsAsync(AgentDetails details, Network network, CancellationToken cancellation)
    {
        var units = AgentChecks.UnitsOf(details).Select(u => (Text: u, Known: Unit.TryParse(u, out var unit) ? unit : null)).ToList();
        var asked = units
            .Where(u => u.Known is { IsAda: false } known && Token.Find(known, network) is null)
            .ToDictionary(u => AssetId.Parse(u.Known!.ToString()), u => u.Text);
        var missing = units.Where(u => u.Known is null).Select(u => u.Text).ToList();
        if (missing.Count == 0 && asked.Count > 0)
        {
            missing.AddRange((await chain.UnheldAsync([.. asked.Keys], cancellation)).Select(a => asked[a]));
        }

        return missing.Count == 0 ? null : InvalidAssets.With(("unit", string.Join(", ", missing)));
    }

    private async Task<PaidWhere?> PaidWhereAsync(ListAgents request, CancellationToken cancellation)
    {
        var address = request.FilterSupportedPaymentSourceAddress is { Length: > 0 } named ? named : null;
        var networks = (request.FilterSupportedPaymentSourceNetworks ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct()
            .Take(MostNetworks);
        if (address is null && !networks.Any())
        {
            return null;
        }

        var own = (await _desk.SourcesAsync(request.Network, cancellation)).Where(s => s.ContractAddress.ToString() == address).Select(s => s.Id);
        return new PaidWhere(
            address?.StartsWith("0x", StringComparison.OrdinalIgnoreCase) == true ? address.ToLowerInvariant() : address,
            [.. own],
            [.. networks]
        );
    }

    // A query of more would only be long.
    private const int MostNetworks = 25;

    private static EscrowFamily? MeantBy(AgentDetails details) =>
        details.Sources is not null ? EscrowFamily.V2
        : details.Pricing is not null ? EscrowFamily.V1
        : null;

    private static string Hex(Entries.AgentMetadata entry) => Convert.ToHexStringLower(Entries.AgentMetadataWriter.Write(entry).ToCbor());
}
