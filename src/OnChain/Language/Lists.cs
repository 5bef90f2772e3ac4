using static Masumi.OnChain.Language.Syntax;
using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.OnChain.Language;

/// <summary>
/// Lists and maps. Everything is a <c>Walk</c>: a recursion over the list in which <c>rest</c> stands for the result of the remaining
/// list and is evaluated only where it is used, so <c>&amp;</c>, <c>|</c> and <c>If</c> stop early.
/// </summary>
internal static class Lists
{
    public static Term<ListOf<T>> EmptyList<T>()
        where T : IDataType => new(Expr.EmptyList);

    public static Term<Map<TKey, TValue>> EmptyMap<TKey, TValue>()
        where TKey : IDataType
        where TValue : IDataType => new(Expr.EmptyMap);

    extension<T>(Term<ListOf<T>> self)
        where T : IDataType
    {
        public Term<TResult> Walk<TResult>(Term<TResult> whenEmpty, Func<Term<T>, Term<ListOf<T>>, Term<TResult>, Term<TResult>> step) =>
            new(WalkExpr(self.Expr, whenEmpty.Expr, (head, tail, rest) => step(new(T.Decode(head)), new(tail), new(rest)).Expr));

        public Term<Bool> All(Func<Term<T>, Term<Bool>> holds) => self.Walk(True, (x, _, rest) => holds(x) & rest);

        public Term<Bool> Any(Func<Term<T>, Term<Bool>> holds) => self.Walk(False, (x, _, rest) => holds(x) | rest);

        /// <summary>The first element for which it holds; rejects when there is none.</summary>
        public Term<T> First(string rule, Func<Term<T>, Term<Bool>> holds) =>
            self.Walk(
                Reject<T>(rule),
                (x, _, rest) =>
                    Do(b =>
                    {
                        var element = b.Let(x);
                        return If(holds(element), element, rest);
                    })
            );

        public Term<Int> Sum(Func<Term<T>, Term<Int>> number) => self.Walk(Integer(0), (x, _, rest) => number(x) + rest);

        public Term<Int> Count => self.Walk(Integer(0), (_, _, rest) => rest + 1);

        public Term<ListOf<T>> Where(Func<Term<T>, Term<Bool>> holds) =>
            self.Walk(
                EmptyList<T>(),
                (x, _, rest) =>
                    Do(b =>
                    {
                        var element = b.Let(x);
                        return If(holds(element), rest.Prepend(element), rest);
                    })
            );

        public Term<Bool> IsEmpty => new(Expr.Call(NullList, self.Expr));

        /// <summary>The first element; rejects an empty list.</summary>
        public Term<T> Head => new(T.Decode(Expr.Call(HeadList, self.Expr)));

        /// <summary>All elements but the first; rejects an empty list.</summary>
        public Term<ListOf<T>> Tail => new(Expr.Call(TailList, self.Expr));

        public Term<ListOf<T>> Prepend(Term<T> element) => new(Expr.Call(MkCons, T.Encode(element.Expr), self.Expr));
    }

    extension<TKey, TValue>(Term<Map<TKey, TValue>> self)
        where TKey : IDataType
        where TValue : IDataType
    {
        public Term<TResult> Walk<TResult>(
            Term<TResult> whenEmpty,
            Func<Term<Entry<TKey, TValue>>, Term<Map<TKey, TValue>>, Term<TResult>, Term<TResult>> step
        ) => new(WalkExpr(self.Expr, whenEmpty.Expr, (head, tail, rest) => step(new(head), new(tail), new(rest)).Expr));

        public Term<Bool> All(Func<Term<Entry<TKey, TValue>>, Term<Bool>> holds) => self.Walk(True, (e, _, rest) => holds(e) & rest);

        public Term<Bool> Any(Func<Term<Entry<TKey, TValue>>, Term<Bool>> holds) => self.Walk(False, (e, _, rest) => holds(e) | rest);

        public Term<Bool> IsEmpty => new(Expr.Call(NullList, self.Expr));

        /// <summary>The first entry; rejects an empty map.</summary>
        public Term<Entry<TKey, TValue>> Head => new(Expr.Call(HeadList, self.Expr));

        /// <summary>All entries but the first; rejects an empty map.</summary>
        public Term<Map<TKey, TValue>> Tail => new(Expr.Call(TailList, self.Expr));

        /// <summary>Structural equality, order and duplicates included.</summary>
        public Term<Bool> Is(Term<Map<TKey, TValue>> other) => self.ToData().Is(other.ToData());

        public Term<Map<TKey, TValue>> Prepend(Term<TKey> key, Term<TValue> value) =>
            new(Expr.Call(MkCons, Expr.Call(MkPairData, TKey.Encode(key.Expr), TValue.Encode(value.Expr)), self.Expr));
    }

    extension<TValue>(Term<Map<Bytes, TValue>> self)
        where TValue : IDataType
    {
        /// <summary>What the first entry with this key gives, or the default.</summary>
        public Term<TResult> Find<TResult>(Term<Bytes> key, Term<TResult> whenMissing, Func<Term<TValue>, Term<TResult>> found) =>
            self.Walk(whenMissing, (e, _, rest) => If(e.Key.Is(key), found(e.Value), rest));

        public Term<Bool> KeysAreUnique =>
            self.Walk(
                True,
                (e, later, rest) =>
                    Do(b =>
                    {
                        var key = b.Let(e.Key);
                        return !later.Any(other => other.Key.Is(key)) & rest;
                    })
            );

        public Term<Bool> KeysAscend => self.Walk(True, (e, later, rest) => (later.IsEmpty | e.Key.ComesBefore(later.Head.Key)) & rest);
    }

    extension<TKey>(Term<Map<TKey, Int>> self)
        where TKey : IDataType
    {
        /// <summary>The sum of all values.</summary>
        public Term<Int> Total => self.Walk(Integer(0), (e, _, rest) => e.Value + rest);
    }

    extension<TKey, TValue>(Term<Entry<TKey, TValue>> self)
        where TKey : IDataType
        where TValue : IDataType
    {
        public Term<TKey> Key => new(TKey.Decode(Expr.Call(FstPair, self.Expr)));

        public Term<TValue> Value => new(TValue.Decode(Expr.Call(SndPair, self.Expr)));
    }

    /// <summary>The one recursion of the language: the walker gets itself as first argument.</summary>
    private static Expr WalkExpr(Expr list, Expr whenEmpty, Func<Expr, Expr, Expr, Expr> step)
    {
        var (walker, self, items) = (new Variable("walk"), new Variable("self"), new Variable("items"));
        var these = new Expr.Var(items);
        var tail = Expr.Call(TailList, these);
        var rest = new Expr.App(new Expr.App(new Expr.Var(self), new Expr.Var(self)), tail);
        var each = Block.WriteFunction(() => step(Expr.Call(HeadList, these), tail, rest));
        var body = new Expr.Force(Expr.Call(ChooseList, these, new Expr.Delay(whenEmpty), new Expr.Delay(each)));
        return Expr.Let(walker, new Expr.Lam(self, new Expr.Lam(items, body)), new Expr.App(new Expr.App(new Expr.Var(walker), new Expr.Var(walker)), list));
    }
}
