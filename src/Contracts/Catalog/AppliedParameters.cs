using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Catalog;

/// <summary>
/// The parameters that stand in a script. Whoever applied them, they are constants at its outside, plainly or re-encoded (<see cref="CaseEncoding"/>); what a
/// setup says of such a script must be what the script says of itself.
/// </summary>
public static class AppliedParameters
{
    /// <summary>
    /// The escrow contract that a script is by its own parameters, at its address on a network; null when it shows none. Throws
    /// <see cref="FormatException"/> when the script is no program, or its parameters are none of an escrow of the family.
    /// </summary>
    public static EscrowContract? Escrow(Script script, EscrowFamily family, NetworkId network)
    {
        var other = family == EscrowFamily.V1 ? EscrowFamily.V2 : EscrowFamily.V1;
        if (Of(script, CountOf(family)) is { } applied)
        {
            var contract = new EscrowContract(EscrowParameters.Read(applied, family, network), EscrowScript.AddressOf(script, network));
            return EscrowParameters.Refusals(contract).IsEmpty ? ContractCatalog.Recognise(contract) : contract;
        }

        return Of(script, CountOf(other)) is null ? null : throw new FormatException($"parameters that no {family} escrow has");
    }

    /// <summary>The last <paramref name="count"/> constants of data that a script's program is applied to, in order; null when it has not so many.</summary>
    public static ImmutableArray<PlutusData>? Of(Script script, int count)
    {
        var arguments = new Stack<Term>();
        var term = UplcProgram.FromScript(script).Term;
        if (term is Term.Case { Scrutinee: Term.Constr { Fields: var fields }, Branches.Length: 1 })
        {
            foreach (var field in fields.Reverse())
            {
                arguments.Push(field);
            }
        }

        for (; term is Term.Apply apply && arguments.Count < count; term = apply.Function)
        {
            arguments.Push(apply.Argument);
        }

        ImmutableArray<PlutusData> data =
        [
            .. arguments
                .Skip(arguments.Count - count)
                .Select(a => a is Term.Const { Value: Constant.Data { Value: var value } } ? value : null)
                .OfType<PlutusData>(),
        ];
        return count > 0 && data.Length == count ? data : null;
    }

    private static int CountOf(EscrowFamily family) => family == EscrowFamily.V1 ? 5 : 3;
}
