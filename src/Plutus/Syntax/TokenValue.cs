using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Masumi.Cardano.Scripts;

namespace Masumi.Plutus.Syntax;

/// <summary>
/// What the builtin type <c>value</c> holds: quantities of tokens by policy and name, in bytewise order (spec cardano.md 9.3, builtins 94-100).
/// Names have at most 32 bytes, quantities are signed 128-bit numbers and never zero, no policy is empty.
/// </summary>
public sealed class TokenValue : IEquatable<TokenValue>
{
    /// <summary>Longest policy or token name.</summary>
    public const int MaxNameLength = 32;

    /// <summary>Most tokens that <see cref="ToData"/> writes out.</summary>
    public const int MaxDataTokens = 40_000;

    private static readonly ImmutableSortedDictionary<ReadOnlyMemory<byte>, Int128> NoTokens = ImmutableSortedDictionary.Create<ReadOnlyMemory<byte>, Int128>(
        Bytewise.Instance
    );

    private readonly ImmutableSortedDictionary<ReadOnlyMemory<byte>, ImmutableSortedDictionary<ReadOnlyMemory<byte>, Int128>> _policies;

    // How many policies have how many tokens: look-ups are priced by the largest policy, so finding it must be cheap.
    private readonly ImmutableSortedDictionary<int, int> _policySizes;
    private readonly int _negatives;

    private TokenValue(
        ImmutableSortedDictionary<ReadOnlyMemory<byte>, ImmutableSortedDictionary<ReadOnlyMemory<byte>, Int128>> policies,
        ImmutableSortedDictionary<int, int> policySizes,
        int tokenCount,
        int negatives
    )
    {
        _policies = policies;
        _policySizes = policySizes;
        TokenCount = tokenCount;
        _negatives = negatives;
    }

    /// <summary>Nothing.</summary>
    public static TokenValue Empty { get; } =
        new(
            ImmutableSortedDictionary.Create<ReadOnlyMemory<byte>, ImmutableSortedDictionary<ReadOnlyMemory<byte>, Int128>>(Bytewise.Instance),
            ImmutableSortedDictionary<int, int>.Empty,
            0,
            0
        );

    /// <summary>Number of tokens over all policies.</summary>
    public int TokenCount { get; }

    /// <summary>Number of policies.</summary>
    public int PolicyCount => _policies.Count;

    /// <summary>Number of tokens in the largest policy.</summary>
    public int LargestPolicy => _policySizes.IsEmpty ? 0 : _policySizes.Keys.Last();

    /// <summary>True when some quantity is negative.</summary>
    public bool HasNegative => _negatives > 0;

    /// <summary>The policies in order, each with its tokens in order.</summary>
    public IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, ImmutableSortedDictionary<ReadOnlyMemory<byte>, Int128>>> Policies => _policies;

    /// <summary>The quantity of a token; zero when absent.</summary>
    public Int128 this[ReadOnlyMemory<byte> policy, ReadOnlyMemory<byte> token] =>
        _policies.TryGetValue(policy, out var tokens) ? tokens.GetValueOrDefault(token) : 0;

    /// <summary>The quantity as it may stand in a value, or null when it needs more than 128 bits.</summary>
    public static Int128? Quantity(BigInteger quantity) => quantity >= Int128.MinValue && quantity <= Int128.MaxValue ? (Int128)quantity : null;

    /// <summary>This value with a token's quantity replaced; zero removes it.</summary>
    public TokenValue With(ReadOnlyMemory<byte> policy, ReadOnlyMemory<byte> token, Int128 quantity)
    {
        var tokens = _policies.GetValueOrDefault(policy) ?? NoTokens;
        var before = tokens.GetValueOrDefault(token);
        if (before == quantity)
        {
            return this;
        }

        var after = quantity == 0 ? tokens.Remove(token) : tokens.SetItem(token, quantity);
        return new TokenValue(
            after.IsEmpty ? _policies.Remove(policy) : _policies.SetItem(policy, after),
            Resize(tokens.Count, after.Count),
            TokenCount + after.Count - tokens.Count,
            _negatives + (quantity < 0 ? 1 : 0) - (before < 0 ? 1 : 0)
        );
    }

    /// <summary>The sum, or false when a quantity needs more than 128 bits.</summary>
    public bool TryAdd(TokenValue other, [NotNullWhen(true)] out TokenValue? sum)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (larger, smaller) = TokenCount >= other.TokenCount ? (this, other) : (other, this);
        sum = larger;
        foreach (var (policy, tokens) in smaller._policies)
        {
            foreach (var (token, quantity) in tokens)
            {
                if (Quantity((BigInteger)larger[policy, token] + quantity) is not { } total)
                {
                    sum = null;
                    return false;
                }

                sum = sum.With(policy, token, total);
            }
        }

        return true;
    }

    /// <summary>Every quantity multiplied, or false when one needs more than 128 bits.</summary>
    public bool TryScale(BigInteger factor, [NotNullWhen(true)] out TokenValue? scaled)
    {
        scaled = Empty;
        if (factor.IsZero)
        {
            return true;
        }

        var builder = new Builder();
        foreach (var (policy, tokens) in _policies)
        {
            foreach (var (token, quantity) in tokens)
            {
                if (Quantity(factor * quantity) is not { } product || builder.Add(policy, token, product) is not null)
                {
                    scaled = null;
                    return false;
                }
            }
        }

        scaled = builder.Build();
        return true;
    }

    /// <summary>True when every token of the other value is here in at least the same quantity; both must be free of negatives.</summary>
    public bool Contains(TokenValue other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (TokenCount < other.TokenCount)
        {
            return false;
        }

        foreach (var (policy, tokens) in other._policies)
        {
            foreach (var (token, quantity) in tokens)
            {
                if (this[policy, token] < quantity)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The map of maps that script contexts use.</summary>
    public PlutusData ToData() =>
        new PlutusData.Map([
            .. _policies.Select(p =>
                KeyValuePair.Create(
                    PlutusData.B(p.Key),
                    (PlutusData)new PlutusData.Map([.. p.Value.Select(t => KeyValuePair.Create(PlutusData.B(t.Key), PlutusData.I(t.Value)))])
                )
            ),
        ]);

    /// <summary>Reads a map of maps in strict order and without zeros. Null, and why, for anything else.</summary>
    public static TokenValue? FromData(PlutusData data, out string? refusal)
    {
        refusal = "data that is no map of policies to maps of tokens to integers";
        if (data is not PlutusData.Map policies)
        {
            return null;
        }

        var builder = new Builder();
        foreach (var (policy, inner) in policies.Entries)
        {
            if (policy is not PlutusData.Bytes name || inner is not PlutusData.Map tokens)
            {
                return null;
            }

            if (tokens.Entries.IsEmpty)
            {
                refusal = "a policy without tokens";
                return null;
            }

            foreach (var (token, quantity) in tokens.Entries)
            {
                if (token is not PlutusData.Bytes tokenName || quantity is not PlutusData.Integer number)
                {
                    return null;
                }

                if ((refusal = builder.Add(name.Value, tokenName.Value, number.Value)) is not null)
                {
                    return null;
                }

                refusal = "data that is no map of policies to maps of tokens to integers";
            }

            // The same policy again would go on where it stopped; only the next token tells, so close it here.
            builder.Close();
        }

        refusal = null;
        return builder.Build();
    }

    /// <inheritdoc/>
    public bool Equals(TokenValue? other) =>
        other is not null
        && TokenCount == other.TokenCount
        && PolicyCount == other.PolicyCount
        && _policies.All(p =>
            other._policies.TryGetValue(p.Key, out var tokens) && tokens.Count == p.Value.Count && p.Value.All(t => other[p.Key, t.Key] == t.Value)
        );

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TokenValue);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TokenCount, PolicyCount, _negatives);

    private ImmutableSortedDictionary<int, int> Resize(int from, int to)
    {
        if (from == to)
        {
            return _policySizes;
        }

        var sizes = _policySizes;
        if (to > 0)
        {
            sizes = sizes.SetItem(to, sizes.GetValueOrDefault(to) + 1);
        }

        if (from > 0)
        {
            sizes = sizes[from] == 1 ? sizes.Remove(from) : sizes.SetItem(from, sizes[from] - 1);
        }

        return sizes;
    }

    /// <summary>Takes tokens in strict order of policy and name, as text, flat and data write them.</summary>
    internal sealed class Builder
    {
        private readonly ImmutableSortedDictionary<ReadOnlyMemory<byte>, ImmutableSortedDictionary<ReadOnlyMemory<byte>, Int128>>.Builder _policies =
            Empty._policies.ToBuilder();

        private readonly Dictionary<int, int> _sizes = [];
        private ImmutableSortedDictionary<ReadOnlyMemory<byte>, Int128>.Builder? _open;
        private ReadOnlyMemory<byte> _policy;
        private ReadOnlyMemory<byte> _token;
        private bool _closed = true;
        private int _count;
        private int _negatives;

        /// <summary>Null, or why the token cannot follow.</summary>
        public string? Add(ReadOnlyMemory<byte> policy, ReadOnlyMemory<byte> token, BigInteger quantity)
        {
            if (policy.Length > MaxNameLength || token.Length > MaxNameLength)
            {
                return $"a policy or token name of {Math.Max(policy.Length, token.Length)} bytes; {MaxNameLength} are allowed";
            }

            if (Quantity(quantity) is not { } amount || amount == 0)
            {
                return "a quantity of zero or of more than 128 bits";
            }

            var order = _open is null ? 1 : policy.Span.SequenceCompareTo(_policy.Span);
            if (order < 0 || (order == 0 && (_closed || token.Span.SequenceCompareTo(_token.Span) <= 0)))
            {
                return "policies or tokens out of order";
            }

            if (order > 0)
            {
                Finish();
                _open = NoTokens.ToBuilder();
                _policy = policy;
            }

            _closed = false;
            _token = token;
            _open!.Add(token, amount);
            _count++;
            _negatives += amount < 0 ? 1 : 0;
            return null;
        }

        /// <summary>Ends the current policy: more of its tokens would be out of order.</summary>
        public void Close() => _closed = true;

        public TokenValue Build()
        {
            Finish();
            return new TokenValue(_policies.ToImmutable(), _sizes.ToImmutableSortedDictionary(), _count, _negatives);
        }

        private void Finish()
        {
            if (_open is not null)
            {
                _policies.Add(_policy, _open.ToImmutable());
                _sizes[_open.Count] = _sizes.GetValueOrDefault(_open.Count) + 1;
            }
        }
    }

    private sealed class Bytewise : IComparer<ReadOnlyMemory<byte>>
    {
        public static readonly Bytewise Instance = new();

        public int Compare(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceCompareTo(y.Span);
    }
}
