// Two Plutus V3 scripts of our own, single wrapped: (lam x ()) accepts everything, (lam x error) nothing.
export const accepts = "450101002499";
export const refuses = "450101002601";
