using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;

namespace Masumi.Settlement.Transfers;

/// <summary>A transfer's id in the message of its transaction: <c>{674: {"msg": ["Masumi", "transfer", ID]}}</c>.</summary>
public static class TransferMark
{
    private const string Word = "transfer";

    /// <summary>The metadata of a transfer.</summary>
    public static AuxiliaryData Of(string id) => AuxiliaryData.FromMetadata([TransactionMetadata.Message(Word, id)]);

    /// <summary>The id a transaction carries, its metadata being what its body says; null without one.</summary>
    public static string? Read(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return
            transaction.AuxiliaryData is { } data
            && data.Hash == transaction.Body.AuxiliaryDataHash
            && data.Metadata.GetValueOrDefault(TransactionMetadata.MessageLabel) is Metadatum.Map map
            && map["msg"] is Metadatum.List { Items: [Metadatum.Text { Value: "Masumi" }, Metadatum.Text { Value: Word }, Metadatum.Text { Value: var id }] }
            ? id
            : null;
    }
}
