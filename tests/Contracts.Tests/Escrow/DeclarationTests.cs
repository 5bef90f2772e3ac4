using System.Reflection;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Tests.Escrow.V1;
using Masumi.Contracts.Tests.Scenarios;
using Masumi.OnChain.Language;
using Masumi.Protocol;

namespace Masumi.Contracts.Tests.Escrow;

/// <summary>What the one declaration of a datum or redeemer must not forget.</summary>
public sealed class DeclarationTests
{
    private static readonly string[] OnlyInV2 = [nameof(EscrowDatum.BuyerReturn), nameof(EscrowDatum.SellerReturn), nameof(EscrowDatum.AgentIdentifier)];

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Every_property_of_a_datum_is_a_field_on_chain(EscrowFamily family)
    {
        var escrow = Address.Parse(family == EscrowFamily.V2 ? Vectors.V2Escrow : Vectors.V1Escrow);
        var (one, other) = (Filled(family, 1), Filled(family, 2));
        var properties = typeof(EscrowDatum).GetProperties().Where(p => p.SetMethod is not null && p.Name != nameof(EscrowDatum.Family)).ToList();
        foreach (var property in properties.Where(Carried))
        {
            Assert.NotEqual(property.GetValue(one), property.GetValue(other));
            var changed = one with { };
            property.SetValue(changed, property.GetValue(other));
            Assert.NotEqual("", DatumDifference.Between(changed, one).Supplied);
            Assert.True(EscrowDatum.TryDecode(changed.ToData(), family, escrow, out var read, out var refusal), $"{property.Name}: {refusal}");
            Assert.True(changed == read, $"{property.Name} does not come back from the chain: give it a field in Datum{family}");
        }

        bool Carried(PropertyInfo property) => family == EscrowFamily.V2 || !OnlyInV2.Contains(property.Name);
    }

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Every_declared_action_has_its_branch_in_the_validator(EscrowFamily family)
    {
        var deployment = family == EscrowFamily.V1 ? KnownDeployments.PreprodV1 : KnownDeployments.PreprodV2;
        var program = EscrowScript.Apply(EscrowScript.Program(family, new CompilerOptions(Traces: true)), deployment.Parameters);
        var honest = family == EscrowFamily.V1 ? HonestV1.SubmitResult() : Honest.SubmitResult();
        for (var index = 0; EscrowRedeemer.ActionOf(index, family) is { } action; index++)
        {
            var rules = Machine.Run(program, (honest with { Redeemer = PlutusData.C((ulong)index) }).ToContext()).Logs;
            Assert.False(rules.Contains("known action"), $"{action} is declared, and the validator does not know it");
        }
    }

    [Fact]
    public void Every_action_belongs_to_a_generation()
    {
        var declared = Enum.GetValues<EscrowFamily>().SelectMany(family => Enumerable.Range(0, 10).Select(i => EscrowRedeemer.ActionOf(i, family)));
        Assert.Equal(Enum.GetValues<EscrowAction>(), declared.OfType<EscrowAction>().Distinct().Order());
    }

    private static EscrowDatum Filled(EscrowFamily family, byte mark)
    {
        var (bytes, v2) = (new ByteString([mark, mark]), family == EscrowFamily.V2);
        var party = Address.Create(NetworkId.Testnet, Credential.Key(KeyHash.Parse(new string((char)('0' + mark), 56))));
        var time = DateTimeOffset.UnixEpoch.AddDays(mark);
        return new EscrowDatum
        {
            Family = family,
            Buyer = party,
            BuyerReturn = v2 ? party : null,
            Seller = party,
            SellerReturn = v2 ? party : null,
            ReferenceKey = bytes,
            ReferenceSignature = bytes,
            SellerNonce = bytes,
            BuyerNonce = bytes,
            AgentIdentifier = v2 ? bytes : ByteString.Empty,
            CollateralReturn = new Lovelace(mark),
            InputHash = bytes,
            ResultHash = bytes,
            Deadlines = new Deadlines(time, time.AddHours(1), time.AddHours(2), time.AddHours(3)),
            SellerCooldown = mark,
            BuyerCooldown = mark,
            State = (EscrowState)mark,
        };
    }
}
