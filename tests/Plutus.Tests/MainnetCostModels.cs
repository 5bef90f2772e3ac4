using System.Collections.Immutable;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;

namespace Masumi.Plutus.Tests;

/// <summary>The cost models of mainnet (protocol version 11), as shipped.</summary>
internal static class MainnetCostModels
{
    public static ImmutableArray<long> Of(ScriptLanguage language) => ProtocolParameters.Mainnet.CostModels[language];
}
