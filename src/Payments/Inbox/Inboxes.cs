using Masumi.Contracts.Common;
using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Payments.Registry;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Inbox;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Registrations;
using Entries = Masumi.Contracts.Registry.Common;

namespace Masumi.Payments.Inbox;

/// <summary>This node's inboxes (spec payment-service-api.md 8.3): tokens like those of agents, with a slug in place of an address and without updates.</summary>
internal sealed class Inboxes(PaymentsContext context, AgentDirectory chain)
{
    private readonly RegistryDesk _desk = new(context, chain);
    private readonly RegistryOnChain _onChain = new(context, chain);

    /// <summary>Registrations, newest first.</summary>
    public async Task<Reply<InboxPage>> ListAsync(ListInboxes request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (query, others) = await QueriesAsync(
            new RegistrationQuery(RegistrationKind.Inbox)
            {
                States = RegistryDesk.StatesOf(request.FilterStatus),
                Search = request.SearchQuery,
                Cursor = request.CursorId,
                Limit = (int)request.Limit,
            },
            request.Network,
            request.FilterSmartContractAddress,
            caller,
            cancellation
        );
        var rows = await _desk.RowsAsync(cancellation);
        var found = await context.Registrations.ReportAsync(query, cancellation);
        return new InboxPage([.. found.Select(rows.Inbox)], await _desk.HiddenAsync(others, cancellation));
    }

    /// <summary>How many there are.</summary>
    public async Task<Reply<RegistryCount>> CountAsync(CountInboxes request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (query, others) = await QueriesAsync(
            new RegistrationQuery(RegistrationKind.Inbox),
            request.Network,
            request.FilterSmartContractAddress,
            caller,
            cancellation
        );
        return new RegistryCount(await context.Registrations.CountAsync(query, cancellation), await _desk.HiddenAsync(others, cancellation));
    }

    /// <summary>Registrations in the order of their changes.</summary>
    public async Task<Reply<InboxPage>> DiffAsync(DiffInboxes request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (query, _) = await QueriesAsync(
            new RegistrationQuery(RegistrationKind.Inbox)
            {
                ChangedSince = request.LastUpdate,
                Cursor = request.CursorId,
                Limit = (int)request.Limit,
            },
            request.Network,
            request.FilterSmartContractAddress,
            caller,
            cancellation
        );
        var rows = await _desk.RowsAsync(cancellation);
        return new InboxPage([.. (await context.Registrations.ReportAsync(query, cancellation)).Select(rows.Inbox)]);
    }

    /// <summary>Asks for an inbox's token.</summary>
    public async Task<Reply<InboxEntry>> RegisterAsync(RegisterInbox request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (minter, noWallet) = await _desk.MinterAsync(request.Network, request.SellingWalletVkey, null, caller, cancellation);
        if (minter is not var (wallet, source))
        {
            return noWallet!;
        }

        var (recipient, noRecipient) = await _desk.RecipientAsync(request.RecipientWalletAddress, wallet.SourceId, cancellation);
        var name = request.Name.Trim();
        var entry = Entries.AgentMetadataWriter.Write(
            new Entries.InboxMetadata(source.Family == EscrowFamily.V1 ? "MasumiInboxV1" : "MasumiInboxV2", name, request.Description, request.AgentSlug)
        );
        if (
            (
                noRecipient
                ?? RegistryDesk.OfFunding(request.SendFundingLovelace, caller)
                ?? InboxSlug.Check(request.AgentSlug)
                ?? (name.Length > 0 ? null : CommonRefusals.InvalidInput.With(("issues", "name: Too small: expected string to have >=1 characters")))
                ?? AgentChecks.OfSize(entry)
            ) is
            { } wrong
        )
        {
            return wrong;
        }

        var registration = await context.Registrations.EnterAsync(
            new Registration
            {
                Id = context.Ids.Next(),
                Kind = RegistrationKind.Inbox,
                SourceId = wallet.SourceId,
                WalletId = wallet.Id,
                RecipientWalletId = recipient is null || recipient.Id == wallet.Id ? null : recipient.Id,
                State = RegistrationState.RegistrationRequested,
                Name = name,
                Entry = Convert.ToHexStringLower(entry.ToCbor()),
                Funding = RegistryDesk.Funding(request.SendFundingLovelace),
                RequestedBy = caller.Id,
            },
            cancellation
        );
        return (await _desk.RowsAsync(cancellation)).Inbox(new RegistrationReport(registration, null));
    }

    /// <summary>Asks for the token to be burned.</summary>
    public async Task<Reply<InboxEntry>> DeregisterAsync(DeregisterInbox request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        if (!request.AgentIdentifier.All(char.IsAsciiHexDigit))
        {
            return RegistryRefusals.IdentifierNotHex;
        }

        var (id, notAsked) = await _desk.RetireAsync(
            RegistrationKind.Inbox,
            request.AgentIdentifier,
            request.Network,
            request.SmartContractAddress,
            caller,
            cancellation
        );
        return id is null ? notAsked!
            : await context.Registrations.ReportAsync(id, cancellation) is { } report ? (await _desk.RowsAsync(cancellation)).Inbox(report)
            : RegistryRefusals.RowNotFound;
    }

    /// <summary>Forgets a registration.</summary>
    public async Task<Reply<InboxEntry>> DeleteAsync(DeleteRegistration request, CancellationToken cancellation)
    {
        var (report, refusal) = await _desk.DeleteAsync(RegistrationKind.Inbox, request.Id, cancellation);
        return report is null ? refusal! : (await _desk.RowsAsync(cancellation)).Inbox(report);
    }

    /// <summary>One inbox as the chain describes it.</summary>
    public async Task<Reply<RegisteredInbox>> FindAsync(AgentOnChain request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (token, refusal) = await _onChain.FindAsync(request, caller, cancellation);
        return token is null ? refusal!
            : InboxOf(token) is { } inbox ? inbox
            : InboxRefusals.MetadataInvalid;
    }

    /// <summary>Those of a wallet. What cannot be read, and what is no inbox, is left out.</summary>
    public async Task<Reply<RegisteredInboxes>> OfWalletAsync(AgentsOfWallet request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (tokens, refusal) = await _onChain.OfWalletAsync(request, caller, cancellation);
        return refusal is null ? new RegisteredInboxes([.. tokens.Select(InboxOf).OfType<RegisteredInbox>()]) : refusal;
    }

    private Task<(RegistrationQuery Shown, RegistrationQuery Hidden)> QueriesAsync(
        RegistrationQuery query,
        Network network,
        string? contract,
        ApiKey caller,
        CancellationToken cancellation
    ) => _desk.QueriesAsync(query, network, null, contract, hasDefault: true, caller, cancellation);

    private static RegisteredInbox? InboxOf(TokenEntry token) =>
        token.Reading is Entries.MetadataReading.Inbox { Metadata: var inbox }
            ? new(token.Policy, token.Name, token.Token.ToString(), new InboxMetadata(inbox.Name, inbox.Description, inbox.Slug, 1))
            : null;
}
