// A transaction completely decoded, wherever it is: in a block, waiting, or refused.
import { find } from "./api.js";
import {
    ada,
    addressLink,
    amountOf,
    assetLink,
    assets,
    badge,
    blockLink,
    card,
    clock,
    dataDetails,
    el,
    folded,
    items,
    link,
    lovelaceOf,
    notFound,
    pairs,
    quantity,
    scriptLink,
    short,
    table,
    time,
    txLink,
} from "./elements.js";

export async function transaction(id) {
    const t = await find(`devnet/transactions/${encodeURIComponent(id.split("#")[0])}`);
    if (!t) return notFound(`transaction ${id}`);
    const states = {
        block: t.valid ? badge("in a block", "good") : badge("scripts failed, collateral taken", "bad"),
        mempool: badge("waits for a block", "wait"),
        refused: badge("refused", "bad"),
    };
    // Collateral is taken in a block, and nowhere else.
    const taken = t.state === "block" && !t.valid;
    return [
        el(
            "section",
            { class: "card" },
            el("h1", {}, "Transaction ", states[t.state]),
            el("code", { class: "break" }, t.hash),
            pairs([
                t.block && ["Block", [blockLink(t.block), el("span", { class: "soft" }, " · "), clock(t.block.time)]],
                [taken ? "Collateral taken" : "Fee", ada(t.fee)],
                ["Size", `${quantity(String(t.size))} bytes`],
                ["Valid", validity(t)],
                t.required_signers.length > 0 && ["Must be signed by", t.required_signers.map((s) => el("div", { class: "mono break" }, s))],
                t.signers.length > 0 && ["Signed by", t.signers.map((s) => el("div", { class: "mono break" }, s))],
            ]),
        ),
        t.does.length > 0 && card("In Masumi's words", el("pre", {}, t.does.join("\n"))),
        t.refused_by.length > 0 && el("section", { class: "card bad" }, el("h2", {}, "The rule that refuses"), el("pre", {}, t.refused_by.join("\n"))),
        t.failures &&
            el(
                "section",
                { class: "card bad" },
                el("h2", {}, "Why it was refused"),
                items(
                    t.failures.map((f) => [
                        el("strong", {}, f.predicate),
                        pairs([
                            [f.expected ? "Supplied" : "", f.supplied],
                            ["Expected", f.expected],
                        ]),
                    ]),
                ),
            ),
        t.redeemers.length > 0 && card("Scripts that ran", items(t.redeemers.map(redeemer))),
        el(
            "div",
            { class: "halves" },
            card(
                ["Inputs ", el("small", {}, String(t.inputs.length))],
                t.inputs.length > 0 ? items(t.inputs.map(input)) : el("p", { class: "soft" }, "None: this is where the money comes from."),
            ),
            card(
                ["Outputs ", el("small", {}, taken ? "not made: a script failed" : String(t.outputs.length))],
                items(t.outputs.map((o) => output(o, t))),
            ),
        ),
        t.mint.length > 0 &&
            card(
                "Minted and burned",
                table(
                    ["Asset", "Policy", { text: "Quantity", right: true }],
                    t.mint.map((m) => [assetLink(m.unit), scriptLink(m.unit.slice(0, 56)), amountOf(m.unit, m.quantity)]),
                ),
            ),
        t.metadata.length > 0 &&
            card(
                "Metadata",
                t.metadata.map((m) => [
                    el("div", { class: "soft" }, `Label ${m.label}`),
                    el("pre", {}, m.json === null ? "(nested too deeply to be shown)" : JSON.stringify(m.json, null, 2)),
                ]),
            ),
        (t.reference_inputs.length > 0 || t.collateral.length > 0) &&
            el(
                "div",
                { class: "halves" },
                t.reference_inputs.length > 0 && card("Referred to", items(t.reference_inputs.map(input))),
                t.collateral.length > 0 &&
                    card(
                        ["Collateral ", el("small", {}, taken ? "taken" : "not taken")],
                        items([
                            ...t.collateral.map(input),
                            ...(t.collateral_return ? [[el("div", { class: "soft" }, "Comes back"), output(t.collateral_return, t, taken)]] : []),
                        ]),
                    ),
            ),
        t.scripts.length > 0 &&
            card(
                "Scripts attached",
                items(
                    t.scripts.map((s) =>
                        el("div", { class: "split" }, scriptLink(s.hash), el("span", { class: "soft" }, `${s.language}, ${quantity(String(s.size))} bytes`)),
                    ),
                ),
            ),
        t.withdrawals.length > 0 &&
            card(
                "Withdrawals",
                items(
                    t.withdrawals.map((w) =>
                        el("div", { class: "split" }, link(short(w.address, 16, 8), "account", w.address), el("span", { class: "amount" }, ada(w.amount))),
                    ),
                ),
            ),
        t.certificates.length > 0 && card("Certificates", items(t.certificates.map((c) => folded(certificates[c.kind] ?? `Kind ${c.kind}`, c.cbor)))),
    ].filter(Boolean);
}

const certificates = {
    0: "Register an account",
    1: "Deregister an account",
    2: "Delegate to a pool",
    3: "Register a pool",
    4: "Retire a pool",
    7: "Register an account with a deposit",
    8: "Deregister an account with a refund",
    9: "Delegate the vote",
    10: "Delegate to a pool and the vote",
    11: "Register and delegate to a pool",
    12: "Register and delegate the vote",
    13: "Register, delegate to a pool and the vote",
    14: "Authorize a committee key",
    15: "Resign from the committee",
    16: "Register a DRep",
    17: "Retire a DRep",
    18: "Update a DRep",
};

function validity(t) {
    const at = (b) => [`slot ${quantity(String(b.slot))}`, b.time && el("span", { class: "soft num" }, ` (${time(b.time)})`)];
    if (!t.valid_from && !t.valid_until) return "at any time";
    return [t.valid_from && ["from ", at(t.valid_from)], t.valid_from && t.valid_until && " ", t.valid_until && ["before ", at(t.valid_until)]];
}

function input(i) {
    return [
        el(
            "div",
            { class: "split" },
            link(`${short(i.tx_hash)}#${i.output_index}`, "tx", i.tx_hash),
            i.amount ? el("span", { class: "amount" }, ada(lovelaceOf(i.amount))) : el("span", { class: "bad-text" }, "unknown"),
        ),
        i.address && addressLink(i.address),
        i.amount && assets(i.amount),
        extras(i),
    ];
}

function output(o, t, made = t.valid) {
    return [
        el(
            "div",
            { class: "split" },
            el("span", {}, el("span", { class: "soft num" }, `#${o.output_index} `), addressLink(o.address)),
            el("span", { class: "amount" }, ada(lovelaceOf(o.amount))),
        ),
        assets(o.amount),
        extras(o),
        o.spent_by ? el("div", { class: "soft" }, "spent by ", txLink(o.spent_by)) : t.state === "block" && made && el("div", { class: "soft" }, "unspent"),
    ];
}

function extras(o) {
    return [
        o.datum
            ? dataDetails(`Datum ${short(o.datum_hash)}`, o.datum)
            : o.datum_hash && el("div", { class: "soft" }, "Datum hash ", link(short(o.datum_hash), "datum", o.datum_hash)),
        o.reference_script &&
            el(
                "div",
                { class: "soft" },
                "Carries script ",
                scriptLink(o.reference_script.hash),
                ` (${o.reference_script.language}, ${quantity(String(o.reference_script.size))} bytes)`,
            ),
    ];
}

function redeemer(r) {
    const use = (name, used, declared) => [
        name,
        el(
            "span",
            {},
            el("meter", { min: "0", max: String(declared || 1), value: String(used ?? 0), title: `${used ?? "?"} of ${declared}` }),
            ` ${used === null ? "?" : quantity(String(used))} used of ${quantity(String(declared))} declared`,
        ),
    ];
    return [
        el(
            "div",
            { class: "split" },
            el("span", {}, el("strong", {}, `${r.purpose} ${r.index}`), " ", r.script_hash && scriptLink(r.script_hash)),
            r.failure ? badge("failed", "bad") : badge("accepted", "good"),
        ),
        r.failure && el("p", { class: "bad-text" }, r.failure),
        pairs([use("Memory", r.used_memory, r.memory), use("Steps", r.used_steps, r.steps)]),
        dataDetails("Redeemer", r.data),
        r.logs.length > 0 && folded(`Log (${r.logs.length})`, r.logs.join("\n"), true),
    ];
}
