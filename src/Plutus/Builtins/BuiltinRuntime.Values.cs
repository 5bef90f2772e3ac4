using Masumi.Plutus.Syntax;
using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.Plutus.Builtins;

internal static partial class BuiltinRuntime
{
    private static object? CallValue(BuiltinFunction function, object[] a)
    {
        switch (function)
        {
            case InsertCoin:
            {
                var (policy, token, quantity, value) = (B(function, a[0]), B(function, a[1]), I(function, a[2]), V(function, a[3]));

                // Removing looks at no limits: what is too long is not there.
                if (!quantity.IsZero && Math.Max(policy.Length, token.Length) > TokenValue.MaxNameLength)
                {
                    throw Refuse(function, $"a policy or token name of {Math.Max(policy.Length, token.Length)} bytes");
                }

                return TokenValue.Quantity(quantity) is { } amount
                    ? new Constant.Tokens(value.With(policy, token, amount))
                    : throw Refuse(function, "a quantity of more than 128 bits");
            }

            case LookupCoin:
            {
                var (policy, token) = (B(function, a[0]), B(function, a[1]));
                return Int(V(function, a[2])[policy, token]);
            }

            case UnionValue:
            {
                var (left, right) = (V(function, a[0]), V(function, a[1]));
                return left.TryAdd(right, out var sum) ? new Constant.Tokens(sum) : throw Refuse(function, "a quantity of more than 128 bits");
            }

            case ValueContains:
            {
                var (whole, part) = (V(function, a[0]), V(function, a[1]));
                return !whole.HasNegative && !part.HasNegative ? Bool(whole.Contains(part)) : throw Refuse(function, "a negative quantity");
            }

            case ValueData:
            {
                var value = V(function, a[0]);
                return value.TokenCount <= TokenValue.MaxDataTokens
                    ? new Constant.Data(value.ToData())
                    : throw Refuse(function, $"{value.TokenCount} tokens; {TokenValue.MaxDataTokens} are allowed");
            }

            case UnValueData:
                return TokenValue.FromData(D(function, a[0]), out var refusal) is { } read ? new Constant.Tokens(read) : throw Refuse(function, refusal!);
            case ScaleValue:
            {
                var factor = I(function, a[0]);
                return V(function, a[1]).TryScale(factor, out var scaled)
                    ? new Constant.Tokens(scaled)
                    : throw Refuse(function, "a quantity of more than 128 bits");
            }

            default:
                return null;
        }
    }

    private static TokenValue V(BuiltinFunction function, object value) => value is Constant.Tokens v ? v.Value : throw Type(function, "value", value);
}
