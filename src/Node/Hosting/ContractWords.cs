using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Explaining;
using Masumi.Devnet;

namespace Masumi.Node.Hosting;

/// <summary>Lets a devnet, which knows no contract, say what transactions do in Masumi's words.</summary>
internal static class ContractWords
{
    // A page is for looking, not for reading a thousand lines.
    private const int MostLines = 200;

    /// <summary>What a devnet asks for words.</summary>
    /// <param name="contracts">Escrows that transactions do not show by themselves; asked for at the first transaction.</param>
    public static Func<TransactionQuestion, TransactionWords> Of(Func<IEnumerable<EscrowContract>> contracts) =>
        question =>
        {
            var explanation = TransactionExplainer.Explain(
                question.Transaction,
                new ExplanationScene
                {
                    Outputs = question.Outputs,
                    Parameters = question.Parameters,
                    Slots = question.Slots,
                    Network = DevnetChain.Network,
                    Scripts = question.Scripts,
                    Contracts = [.. contracts()],
                }
            );
            return new TransactionWords(
                explanation.Acts.IsEmpty ? [] : [.. ExplanationText.Does(explanation).Take(MostLines)],
                [.. ExplanationText.Refusals(explanation).Take(MostLines)]
            );
        };
}
