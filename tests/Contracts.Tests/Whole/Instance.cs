using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>One contract among several in a transaction: a family with parameters, under a hash that stands for whichever script it is given.</summary>
internal sealed class Instance(string name, EscrowContract contract)
{
    /// <summary>Of both families, the contract of <see cref="WholeTransactions"/> and one that is as good for their transactions but has other parameters.</summary>
    public static ImmutableArray<Instance> All { get; } = [Of(EscrowFamily.V1, 0), Of(EscrowFamily.V1, 1), Of(EscrowFamily.V2, 2), Of(EscrowFamily.V2, 3)];

    /// <summary>Guards nothing: always agrees.</summary>
    public static Script Anything { get; } = new UplcProgram(1, 1, 0, new Term.Lam(new Term.Const(new Constant.Unit()))).ToScript(ScriptLanguage.PlutusV3);

    /// <summary>What it is called in a report.</summary>
    public string Name { get; } = name;

    /// <summary>Its parameters, at the address of the stand-in.</summary>
    public EscrowContract Contract { get; } = contract;

    public EscrowFamily Family => Contract.Family;

    /// <summary>Ours, with traces: a refusal says which rule it was.</summary>
    public Script Ours { get; } =
        EscrowScript.Apply(EscrowScript.Program(contract.Family, new CompilerOptions(Traces: true)), contract).ToScript(ScriptLanguage.PlutusV3);

    /// <summary>The variable that names the deployed script's file.</summary>
    public static string Variable(EscrowFamily family) => $"MASUMI_DEPLOYED_ESCROW_{family}".ToUpperInvariant();

    /// <summary>The deployed one with the same parameters.</summary>
    public Script Deployed() =>
        ScriptFile
            .Read(File.ReadAllBytes(Environment.GetEnvironmentVariable(Variable(Family))!), ContractKind.Escrow)
            .Resolve(Family, Contract.Parameters(), null);

    private static Instance Of(EscrowFamily family, int number)
    {
        var known = WholeTransactions.Of(family)[0].Contract;
        var address = Address.Create(NetworkId.Testnet, Credential.Script(new ScriptHash(new Hash28([.. Enumerable.Repeat((byte)(0xd0 + number), 28)]))));
        var isOther = number % 2 == 1;
        return new Instance(
            $"{family}{(isOther ? " with other parameters" : "")}",
            isOther
                ? known with
                {
                    Address = address,
                    RequiredAdmins = 1,
                    Cooldown = TimeSpan.FromMinutes(5),
                    FeePermille = family == EscrowFamily.V1 ? 20 : 0,
                }
                : known with
                {
                    Address = address,
                }
        );
    }
}
