using System.Security.Cryptography;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Wallets;

/// <summary>Hot wallets as their operator sees them (spec payment-service-api.md 6.4).</summary>
internal sealed class HotWallets(MoneyContext context)
{
    private const int Entropy = 32;

    public async Task<Reply<WalletRow>> GetAsync(GetWalletRequest request, CancellationToken cancellation)
    {
        var wallet = (await context.WalletsAsync(cancellation)).FirstOrDefault(w => w.Id == request.Id && WalletRowText.TypeOf(w) == request.WalletType);
        return wallet is null
            ? WalletRefusals.NoneOfType.With(("walletType", request.WalletType.ToString()))
            : await RowAsync(wallet, request.IncludeSecret, cancellation);
    }

    /// <summary>A fresh wallet of 24 words, shown once and stored nowhere.</summary>
    public async Task<Reply<GeneratedWallet>> GenerateAsync(GenerateWalletRequest request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.Authentication.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refusal)
        {
            return refusal;
        }

        var entropy = context.Ids.Bytes(Entropy);
        var mnemonic = Mnemonic.FromEntropy(entropy);
        CryptographicOperations.ZeroMemory(entropy);
        var keys = WalletKeys.FromMnemonic(mnemonic);
        return new GeneratedWallet(mnemonic, keys.BaseAddress(request.Network.ToNetworkId()).ToString(), keys.Payment.KeyHash.ToString());
    }

    /// <summary>Sets where a wallet's collected money goes.</summary>
    public async Task<Reply<WalletRow>> UpdateAsync(UpdateWalletRequest request, CancellationToken cancellation)
    {
        var wallet = (await context.WalletsAsync(cancellation)).FirstOrDefault(w => w.Id == request.Id);
        if (wallet is null)
        {
            return WalletRefusals.NoneWithId.With(("id", request.Id));
        }

        Address? address = null;
        if (
            request.NewCollectionAddress is { } text
            && (!Address.TryParse(text, out address) || !OfferVerification.IsParty(address, wallet.Address.Network, null))
        )
        {
            return WalletRefusals.CollectionAddress;
        }

        return await context.Holdings.SetCollectionAddressAsync(wallet.Id, address, cancellation)
            ? await RowAsync(wallet with { CollectionAddress = address }, withSecret: false, cancellation)
            : WalletRefusals.NoneWithId.With(("id", request.Id));
    }

    /// <summary>Wallets, newest first: all for an admin, for another key those of its networks and its scope.</summary>
    public async Task<Reply<WalletList>> ListAsync(ListWalletsRequest request, ApiKey caller, CancellationToken cancellation)
    {
        var sources = (await context.SourcesAsync(cancellation)).Where(s => caller.Allows(s.Network)).Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        var wallets = (await context.WalletsAsync(cancellation)).Where(w =>
            sources.Contains(w.SourceId)
            && caller.MayUse(w.Id)
            && (request.WalletType is not { } type || WalletRowText.TypeOf(w) == type)
            && (request.PaymentSourceId is not { } source || w.SourceId == source)
            && (request.WalletVkey is not { } vkey || w.KeyHash.ToString() == vkey)
            && (request.WalletAddress is not { } address || w.Address.ToString() == address)
        );
        var rules = await context.Balances.ListAsync(cancellation);
        return new WalletList([
            .. MoneyContext
                .Page(wallets.Reverse(), request.CursorId, request.Take, w => w.Id)
                .Select(w => new WalletListRow(
                    w.Id,
                    w.SourceId,
                    WalletRowText.TypeOf(w),
                    w.KeyHash.ToString(),
                    w.Address.ToString(),
                    w.CollectionAddress?.ToString(),
                    w.Note,
                    WalletRowText.SummaryOf(w, rules)
                )),
        ]);
    }

    private async Task<WalletRow> RowAsync(HotWallet wallet, bool withSecret, CancellationToken cancellation)
    {
        var rules = await context.Balances.ListAsync(cancellation);
        var pending = await context.Holdings.PendingAsync(wallet.Id, cancellation);
        return new WalletRow(
            withSecret ? new WalletSecret(wallet.CreatedAt, wallet.CreatedAt, context.Keyring.Reveal(wallet)) : null,
            pending is null
                ? null
                : new PendingTransaction(
                    pending.CreatedAt,
                    pending.UpdatedAt,
                    pending.State == AttemptState.Stored ? null : pending.TxId.ToString(),
                    pending.State == AttemptState.Stored ? null : pending.UpdatedAt
                ),
            wallet.Note,
            wallet.KeyHash.ToString(),
            wallet.Address.ToString(),
            wallet.CollectionAddress?.ToString(),
            WalletRowText.SummaryOf(wallet, rules),
            WalletRowText.RulesOf(wallet, rules)
        );
    }
}
