using System.Diagnostics.CodeAnalysis;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>One instance of the escrow contract: the parameters its script was made with, and where it is.</summary>
public sealed record EscrowContract : EscrowParameters
{
    /// <summary>A contract that is put together member by member.</summary>
    public EscrowContract() { }

    /// <summary>The contract with these parameters at an address.</summary>
    [SetsRequiredMembers]
    public EscrowContract(EscrowParameters parameters, Address address)
        : base(parameters) => Address = address;

    /// <summary>The enterprise address of the script.</summary>
    public required Address Address { get; init; }

    /// <summary>Whose validator it is. What is not known to be ours obeys the deployed one's rules.</summary>
    public EscrowRuleSet Rules { get; init; }

    /// <summary>The script's hash.</summary>
    public ScriptHash ScriptHash => Address.Payment?.AsScript ?? throw new InvalidOperationException($"Not a script address: {Address}.");
}
