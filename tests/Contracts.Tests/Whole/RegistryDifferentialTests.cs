using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Tests.Scenarios;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>
/// Our registry policies and the deployed ones say the same about what is minted and burned, or differ in the row of docs/contracts.md. As in
/// <see cref="DifferentialTests"/>: <c>MASUMI_DEPLOYED_REGISTRY_V1</c> and <c>MASUMI_DEPLOYED_REGISTRY_V2</c> name the deployed scripts' files.
/// </summary>
public class RegistryDifferentialTests
{
    private static readonly PlutusData Policy = Ledger.Bytes(0x67);

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Ours_differs_from_the_deployed_policy_only_where_the_table_says_so(EscrowFamily family)
    {
        var variable = $"MASUMI_DEPLOYED_REGISTRY_{family}".ToUpperInvariant();
        Assert.SkipWhen(Environment.GetEnvironmentVariable(variable) is not { Length: > 0 }, $"{variable} names no file with the deployed script.");

        var seed = Number("MASUMI_MUTATION_SEED") ?? Environment.TickCount;
        var count = Number("MASUMI_MUTATIONS") ?? 20_000;
        var random = new Random(seed);
        ImmutableArray<PlutusData> parameters =
            family == EscrowFamily.V1 ? [B(Encoding.UTF8.GetBytes(KnownDeployments.PreprodV1.EscrowAddress.ToString()))] : [];
        var validator = family == EscrowFamily.V1 ? Validator.RegistryV1 : Validator.RegistryV2;
        var ours = Validators.Compile(validator, new CompilerOptions(Traces: true)).ApplyParameters(parameters.AsSpan());
        var file = ScriptFile.Read(File.ReadAllBytes(Environment.GetEnvironmentVariable(variable)!), ContractKind.Registry);
        var deployed = UplcProgram.FromScript(file.Resolve(family, parameters, null));
        var (accepted, longNames) = (0, 0);
        var unexplained = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var context = Make(family, random);
            var (own, theirs) = (Machine.Run(ours, context), Machine.Run(deployed, context));
            accepted += own.Accepted && theirs.Accepted ? 1 : 0;
            if (own.Accepted == theirs.Accepted)
            {
                continue;
            }

            if (theirs.Accepted && own.Logs is [.., "Update: 32 bytes"])
            {
                longNames++;
            }
            else
            {
                unexplained.Add(
                    $"ours {own.Failure ?? "accepts"} [{string.Join("; ", own.Logs)}], deployed {theirs.Failure ?? "accepts"}: {context.ToCbor().Length} bytes {Convert.ToHexStringLower(context.ToCbor())}"
                );
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{family}, seed {seed}: {count} contexts, {accepted} accepted by both, {longNames} stricter: the burned name has 32 bytes"
            )
        );
        Assert.True(unexplained.Count == 0, $"seed {seed}: {unexplained.Count}\n{string.Join("\n", unexplained.Take(5))}");
        Assert.InRange(accepted, count / 20, count * 19 / 20);
    }

    // Honest in the most, then otherwise in up to two things.
    private static PlutusData Make(EscrowFamily family, Random random)
    {
        var inputs = Enumerable
            .Range(0, random.Next(1, 4))
            .Select(_ => (Id: (byte)random.Next(1, 9), Index: ((int[])[0, 1, 7, 255, 256, 65_535])[random.Next(6)]))
            .Distinct()
            .ToList();
        var isV1 = family == EscrowFamily.V1;
        var action = random.Next(isV1 ? 2 : 3);
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = isV1 ? 1 : random.Next(1, 4); i > 0; i--)
        {
            var name = isV1 ? Hash(inputs[random.Next(inputs.Count)], 32) : $"{0x0f + i:x2}{Hash(inputs[random.Next(inputs.Count)], 28)}";
            var version = ((int[])[0, 0, 1, 0xffff, 0xfffffe])[random.Next(5)];
            if (isV1 || action == 0)
            {
                tokens[isV1 ? name : name + "000000"] = action == 0 ? 1 : -1;
            }
            else
            {
                tokens[$"{name}{version:x6}"] = -1;
                if (action == 1)
                {
                    tokens[$"{name}{version + 1:x6}"] = 1;
                }
            }
        }

        PlutusData redeemer = C((ulong)(isV1 || action < 2 ? action : 2));
        var info = C(0, Policy);
        var others = random.Next(2) == 0;
        for (var i = Math.Max(0, random.Next(5) - 2); i > 0; i--)
        {
            var name = tokens.Keys.ElementAtOrDefault(random.Next(Math.Max(1, tokens.Count))) ?? "";
            switch (random.Next(11))
            {
                case 0:
                    tokens[name] = ((int[])[-2, -1, 1, 2, 3])[random.Next(5)];
                    break;
                case 1:
                    Rename(name + "00");
                    break;
                case 2 when name.Length > 2:
                    Rename(name[..^2]);
                    break;
                case 3 when name.Length > 2:
                    Rename($"{random.Next(256):x2}{name[2..]}");
                    break;
                case 4 when name.Length > 6:
                    Rename($"{name[..^6]}{((int[])[0, 1, 2, 0x10000, 0xffffff])[random.Next(5)]:x6}");
                    break;
                case 5:
                    tokens.Remove(name);
                    break;
                case 6:
                    tokens[Convert.ToHexStringLower(BitConverter.GetBytes(random.Next()))] = random.Next(2) == 0 ? 1 : -1;
                    break;
                case 7:
                    redeemer = random.Next(4) switch
                    {
                        0 => I(0),
                        1 => C((ulong)random.Next(4), I(0)),
                        _ => C((ulong)random.Next(5)),
                    };
                    break;
                case 8:
                    info = random.Next(2) == 0 ? C(1, Ledger.Reference(1), Ledger.None) : C(2, C(0, Policy));
                    break;
                case 9 when inputs.Count > 1:
                    inputs.RemoveAt(0);
                    break;
                default:
                    var (id, index) = inputs[0];
                    inputs[0] = (id, index ^ 1);
                    break;
            }

            void Rename(string other)
            {
                if (tokens.Remove(name, out var quantity) && other.Length <= 64)
                {
                    tokens[other] = quantity;
                }
            }
        }

        // A ledger's mint: policies and names ascend, no entry is of nothing, and a policy runs only for what is there.
        if (tokens.Count == 0)
        {
            tokens["00"] = random.Next(2) == 0 ? 1 : -1;
        }

        var mint = ImmutableArray.CreateBuilder<KeyValuePair<PlutusData, PlutusData>>();
        if (others)
        {
            mint.Add(Ledger.Entry(Ledger.Bytes(0x10), M(Ledger.Entry(Ledger.Hex("01"), I(7)))));
        }

        var names = tokens.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => Ledger.Entry(Ledger.Hex(t.Key), I(t.Value)));
        mint.Add(Ledger.Entry(Policy, M([.. names])));
        var output = Ledger.Output(Parties.SellerAddress, new Amount(10_000_000));
        return Ledger.Context(
            info,
            redeemer,
            inputs.Distinct().Order().Select(r => Ledger.Input(Ledger.Reference(r.Id, r.Index), output)),
            [output],
            mint: M([.. mint])
        );
    }

    private static string Hash((byte Id, int Index) input, int bytes)
    {
        byte[] reference = [.. Enumerable.Repeat(input.Id, 32), 0, 0, (byte)(input.Index >> 8), (byte)input.Index];
        return Convert.ToHexStringLower(bytes == 32 ? Blake2b.Hash256(reference).ToArray() : Blake2b.Hash224(reference).ToArray());
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
