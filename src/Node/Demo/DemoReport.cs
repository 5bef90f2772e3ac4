using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

namespace Masumi.Node.Demo;

/// <summary>Tells the story as it happens: text for a person, or one JSON document at the end.</summary>
internal sealed class DemoReport(TextWriter output, bool json, bool colour)
{
    private static readonly AssetId TUsdm = DevnetTokens.TUsdm;

    private readonly JsonArray _steps = [];
    private readonly List<string> _failures = [];
    private JsonObject? _balances;

    public bool Failed => _failures.Count > 0;

    public void Title(string text)
    {
        if (!json)
        {
            output.WriteLine();
            output.WriteLine(Paint("1", text));
        }
    }

    public void Step(string who, string what, TransactionFacts? tx = null)
    {
        var step = new JsonObject { ["who"] = who, ["what"] = what };
        if (tx is not null)
        {
            step["transaction"] = new JsonObject
            {
                ["id"] = tx.Id,
                ["bytes"] = tx.Bytes,
                ["fee"] = tx.Fee.Amount,
                ["memory"] = tx.Units.Memory,
                ["steps"] = tx.Units.Steps,
                ["block"] = tx.Block,
                ["slot"] = tx.Slot,
            };
        }

        _steps.Add((JsonNode)step);
        if (json)
        {
            return;
        }

        output.WriteLine($"  {Paint("36", who.PadRight(9))} {what}");
        if (tx is not null)
        {
            var units = tx.Units.Memory == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {tx.Units.Memory:n0} memory, {tx.Units.Steps:n0} steps");
            output.WriteLine(
                Paint(
                    "2",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"            tx {tx.Id}{Environment.NewLine}            {tx.Bytes:n0} bytes, fee {tx.Fee.Amount:n0}{units}, block {tx.Block}, slot {tx.Slot}"
                    )
                )
            );
        }
    }

    /// <summary>An amount for a person to read.</summary>
    public static string Number(Lovelace amount) => string.Create(CultureInfo.InvariantCulture, $"{amount.Amount:n0} lovelace");

    /// <summary>Something to know besides the steps.</summary>
    public void Note(string who, string what)
    {
        if (json)
        {
            _steps.Add((JsonNode)new JsonObject { ["who"] = who, ["note"] = what });
        }
        else
        {
            output.WriteLine($"  {Paint("36", who.PadRight(9))} {what}");
        }
    }

    /// <summary>A party's own sum: what it started with, prices and fees must give what it has now, in ADA and in tUSDM.</summary>
    public void Account(string who, Value start, Value prices, Lovelace fees, Value end)
    {
        var sign = prices.Coin < Lovelace.Zero ? "-" : "+";
        var price = prices.Coin < Lovelace.Zero ? -prices.Coin : prices.Coin;
        Check(
            start.Coin + prices.Coin - fees == end.Coin,
            $"{who}: {Number(start.Coin)} {sign} {Number(price)} in prices - {Number(fees)} in fees = {Number(end.Coin)}"
        );
        sign = prices[TUsdm] < 0 ? "-" : "+";
        Check(
            start[TUsdm] + prices[TUsdm] == end[TUsdm],
            $"{who}: {Tokens(start)} {sign} {Tokens(prices[TUsdm] < 0 ? -prices : prices)} in prices = {Tokens(end)}"
        );
    }

    /// <summary>Notes what must hold; a failure fails the demo.</summary>
    public void Check(bool holds, string what)
    {
        if (!holds)
        {
            _failures.Add(what);
        }

        if (json)
        {
            _steps.Add((JsonNode)new JsonObject { ["check"] = what, ["holds"] = holds });
        }
        else
        {
            output.WriteLine($"  {(holds ? Paint("32", "holds    ") : Paint("31", "FAILS    "))} {what}");
        }
    }

    public void Progress(string text)
    {
        if (colour && !json)
        {
            output.Write($"\r\u001b[K{Paint("2", "  … " + text)}\r");
        }
    }

    public void Clear()
    {
        if (colour && !json)
        {
            output.Write("\r\u001b[K");
        }
    }

    /// <summary>What everybody had and has. Whatever the faucet gave must be somewhere.</summary>
    public void Balances(IReadOnlyList<(string Who, Value Before, Value After)> rows, Lovelace fees, Value faucetTotal)
    {
        var sum = rows.Aggregate(Value.Of(fees), (s, r) => s + r.After);
        if (!json)
        {
            foreach (var (who, before, after) in rows)
            {
                var (from, to) = (before.Coin.Amount, after.Coin.Amount);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {who, -22} {from, 26:n0} -> {to, 26:n0}   {to - from, 18:+#,0;-#,0;0}"));
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {"all fees", -22} {"", 26}    {fees.Amount, 26:n0}"));
            foreach (var (who, before, after) in rows)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {who, -22} {Tokens(before), 26} -> {Tokens(after), 26}"));
            }
        }
        else
        {
            _balances = new JsonObject
            {
                ["parties"] = new JsonArray([
                    .. rows.Select(r =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["who"] = r.Who,
                                ["before"] = r.Before.Coin.Amount,
                                ["after"] = r.After.Coin.Amount,
                                ["tokens"] = TokensJson(("before", r.Before), ("after", r.After)),
                            }
                    ),
                ]),
                ["fees"] = fees.Amount,
                ["sum"] = sum.Coin.Amount,
                ["faucetTotal"] = faucetTotal.Coin.Amount,
                ["tokens"] = TokensJson(("sum", sum), ("faucetTotal", faucetTotal)),
            };
        }

        Check(
            sum.Coin == faucetTotal.Coin,
            string.Create(
                CultureInfo.InvariantCulture,
                $"balances and fees add up to the faucet's total: {sum.Coin.Amount:n0} of {faucetTotal.Coin.Amount:n0} lovelace"
            )
        );
        Check(sum[TUsdm] == faucetTotal[TUsdm], $"and so do tokens: {Tokens(sum)} of {Tokens(faucetTotal)}");
    }

    public int Finish(TimeSpan elapsed, long residentBytes, string? error)
    {
        Clear();
        if (error is not null)
        {
            _failures.Add(error);
        }

        if (json)
        {
            output.WriteLine(
                new JsonObject
                {
                    ["ok"] = !Failed,
                    ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
                    ["residentMegabytes"] = residentBytes / (1024 * 1024),
                    ["steps"] = _steps,
                    ["balances"] = _balances,
                    ["failures"] = new JsonArray([.. _failures.Select(f => (JsonNode)f)]),
                }.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true })
            );
        }
        else
        {
            output.WriteLine();
            foreach (var failure in _failures)
            {
                output.WriteLine(Paint("31", "  failed: " + failure));
            }

            output.WriteLine(
                Paint(
                    Failed ? "31" : "32",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  {(Failed ? "The story did not hold." : "Every step held.")} {elapsed.TotalSeconds:0.0} s, {residentBytes / (1024 * 1024)} MB resident"
                    )
                )
            );
        }

        return Failed ? 1 : 0;
    }

    private static string Tokens(Value value) =>
        value[TUsdm] == 0 ? "0 tUSDM" : AmountText.Format(new UnitAmount((long)value[TUsdm], Token.TUsdm.Unit), Network.Preprod);

    private static JsonArray TokensJson(params ReadOnlySpan<(string Name, Value Value)> amounts)
    {
        var token = Token.TUsdm;
        var json = new JsonObject
        {
            ["unit"] = token.Unit.ToString(),
            ["symbol"] = token.Symbol,
            ["decimals"] = token.Decimals,
        };
        foreach (var (name, value) in amounts)
        {
            json[name] = (long)value[TUsdm];
        }

        return [json];
    }

    private string Paint(string code, string text) => colour ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
