using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>The parts that the datums of both generations are made of. Lengths of hashes are not looked at, as the deployed contracts do not.</summary>
internal static class DatumParsing
{
    /// <summary>A function that rejects what is no address.</summary>
    public static Term<Fn<OnChainAddress, Unit>> AddressCheck(Block b) => b.Let(Function<OnChainAddress, Unit>(CheckAddress), "checkAddress");

    /// <summary>Rejects what is no address: payment credential and optional stake, in depth.</summary>
    private static Term<Unit> CheckAddress(Term<OnChainAddress> address) =>
        Do(b =>
        {
            var credential = b.Let(Function<OnChainCredential, Unit>(CheckCredential), "checkCredential");
            b.Require("address: constructor 0", address.Tag.Is(0));
            var read = new FieldReader<OnChainAddress>(b, b.Open(address));
            b.Run(credential.Call(read.Next<OnChainCredential>()));
            var stake = read.Next<Option<StakeReference>>();
            b.Require("address: two fields", read.AtEnd);
            var stakeFields = b.Open(stake);
            return If(
                stake.IsSome,
                Do(c =>
                {
                    c.Require("option: one field", stakeFields.From(1).AreEmpty);
                    return CheckStake(c.Let(stakeFields.At<StakeReference>(0), "stake"), credential);
                }),
                CheckNone(stake.Tag, stakeFields)
            );
        });

    private static Term<Unit> CheckStake(Term<StakeReference> stake, Term<Fn<OnChainCredential, Unit>> credential) =>
        Do(b =>
        {
            var fields = b.Open(stake);
            return If(
                stake.Tag.Is(0),
                Do(c =>
                {
                    c.Require("stake credential: one field", fields.From(1).AreEmpty);
                    return credential.Call(fields.At<OnChainCredential>(0));
                }),
                Do(c =>
                {
                    c.Require("stake pointer: constructor 1", stake.Tag.Is(1));
                    c.Run(fields.At<Int>(0));
                    c.Run(fields.At<Int>(1));
                    c.Run(fields.At<Int>(2));
                    c.Require("stake pointer: three fields", fields.From(3).AreEmpty);
                    return Accept;
                })
            );
        });

    private static Term<Unit> CheckCredential(Term<OnChainCredential> credential) =>
        Do(b =>
        {
            b.Require("credential: key or script", credential.Tag <= 1);
            var fields = b.Open(credential);
            b.Run(fields.At<Bytes>(0));
            b.Require("credential: one field", fields.From(1).AreEmpty);
            return Accept;
        });

    /// <summary>Rejects what is no optional address.</summary>
    public static Term<Unit> CheckOption(Term<Option<OnChainAddress>> option, Term<Fn<OnChainAddress, Unit>> address) =>
        Do(b =>
        {
            var fields = b.Open(option);
            return If(
                option.IsSome,
                Do(c =>
                {
                    c.Require("option: one field", fields.From(1).AreEmpty);
                    return address.Call(fields.At<OnChainAddress>(0));
                }),
                CheckNone(option.Tag, fields)
            );
        });

    private static Term<Unit> CheckNone<T>(Term<Int> tag, Fields<T> fields)
        where T : Data =>
        Do(b =>
        {
            b.Require("option: constructor 1", tag.Is(1));
            b.Require("none: no field", fields.AreEmpty);
            return Accept;
        });
}
