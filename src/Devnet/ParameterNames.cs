using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano.Parameters;

namespace Masumi.Devnet;

/// <summary>Protocol parameters by their names in Blockfrost's <c>epochs/latest/parameters</c>.</summary>
public static class ParameterNames
{
    /// <summary>Those that transactions depend on, but for deposits and cost models.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        "protocol_major_ver",
        "min_fee_a",
        "min_fee_b",
        "max_tx_size",
        "max_block_size",
        "coins_per_utxo_size",
        "max_val_size",
        "price_mem",
        "price_step",
        "max_tx_ex_mem",
        "max_tx_ex_steps",
        "max_block_ex_mem",
        "max_block_ex_steps",
        "collateral_percent",
        "max_collateral_inputs",
        "min_fee_ref_script_cost_per_byte",
        "min_pool_cost",
        "e_max",
    ];

    /// <summary>Reads <c>NAME=VALUE</c>. Throws <see cref="FormatException"/> that says what is allowed.</summary>
    public static KeyValuePair<string, string> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
        {
            throw new FormatException($"'{text}' is not NAME=VALUE");
        }

        var read = KeyValuePair.Create(text[..at], text[(at + 1)..]);
        With(ProtocolParameters.Mainnet, [read]);
        return read;
    }

    /// <summary>Their values.</summary>
    internal static JsonObject Show(ProtocolParameters parameters)
    {
        var json = BlockfrostParameters.Write(parameters, 0);
        return new JsonObject(All.Select(n => KeyValuePair.Create(n, json[n]?.DeepClone())));
    }

    /// <summary>The parameters with other values. Throws <see cref="FormatException"/> that says what is allowed.</summary>
    public static ProtocolParameters With(ProtocolParameters parameters, IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(values);
        var json = BlockfrostParameters.Write(parameters, 0);
        foreach (var (name, value) in values)
        {
            if (!All.Contains(name))
            {
                throw new FormatException($"'{name}' is no parameter that can be changed; allowed are {string.Join(", ", All)}");
            }

            json[name] = value;
        }

        return BlockfrostParameters.Read(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }
}
