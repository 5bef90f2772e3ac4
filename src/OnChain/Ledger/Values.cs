using Masumi.OnChain.Language;
using static Masumi.OnChain.Language.Lists;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.OnChain.Ledger;

/// <summary>Amounts of assets: policy to name to quantity, ADA under the empty policy and the empty name.</summary>
internal static class Values
{
    extension(Term<Map<Bytes, Map<Bytes, Int>>> self)
    {
        /// <summary>Of an output's value, whose first entry the ledger guarantees to be ADA.</summary>
        public Term<Int> Lovelace => self.Head.Value.Head.Value;

        /// <summary>Of an output's value: everything but ADA.</summary>
        public Term<Map<Bytes, Map<Bytes, Int>>> Tokens => self.Tail;

        /// <summary>This value with another amount of ADA in front; the receiver must hold none.</summary>
        public Term<Map<Bytes, Map<Bytes, Int>>> WithLovelace(Term<Int> lovelace) =>
            self.Prepend(ByteString(default), EmptyMap<Bytes, Int>().Prepend(ByteString(default), lovelace));

        /// <summary>How much of one asset; 0 when it is not there.</summary>
        public Term<Int> QuantityOf(Term<Bytes> policy, Term<Bytes> name) =>
            self.Find(policy, Integer(0), names => names.Find(name, Integer(0), quantity => quantity));

        /// <summary>True when the outputs together hold at least this much of every asset.</summary>
        public Term<Bool> IsCoveredBy(Term<ListOf<OnChainOutput>> outputs) => self.IsCoveredBy(outputs, quantity => quantity);

        /// <summary>True when the outputs together hold at least this share of every asset.</summary>
        public Term<Bool> IsCoveredBy(Term<ListOf<OnChainOutput>> outputs, Func<Term<Int>, Term<Int>> share) =>
            self.All(entry =>
                Do(b =>
                {
                    var policy = b.Let(entry.Key, "policy");
                    return entry.Value.All(asset =>
                        Do(c =>
                        {
                            var name = c.Let(asset.Key, "name");
                            return share(asset.Value) <= outputs.Sum(output => output.Fields.Value.QuantityOf(policy, name));
                        })
                    );
                })
            );

        /// <summary>
        /// True for the one way to write an amount: policies and names strictly ascend, no policy is empty, quantities are positive.
        /// </summary>
        public Term<Bool> IsCanonicalAmount =>
            self.KeysAscend
            & self.All(entry =>
                Do(b =>
                {
                    // Decoding rejects what is no byte string, also where there is nothing to compare it with.
                    b.Run(entry.Key);
                    var names = b.Let(entry.Value, "names");
                    return !names.IsEmpty
                        & names.KeysAscend
                        & names.All(asset =>
                            Do(c =>
                            {
                                c.Run(asset.Key);
                                return asset.Value > 0;
                            })
                        );
                })
            );
    }
}
