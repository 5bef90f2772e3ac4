// Building blocks. Everything that comes from the chain passes through here as text: nothing is ever parsed as HTML.

export function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat(9).filter((c) => c !== null && c !== undefined && c !== false));
    return element;
}

// Within the page only; the parts are escaped.
export const link = (text, kind, id, title) => el("a", { href: `#/${kind}/${encodeURIComponent(id)}`, title: title ?? id, class: "mono" }, text);

export const short = (text, head = 8, tail = 6) => (text.length > head + tail + 1 ? `${text.slice(0, head)}…${text.slice(-tail)}` : text);

export const txLink = (hash) => link(short(hash), "tx", hash);
export const blockLink = (block) => link(`${block.height}`, "block", block.hash);
export const scriptLink = (hash) => link(short(hash), "script", hash);
export const addressLink = (address) => link(short(address, 16, 8), "address", address);

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");

export function quantity(text) {
    const negative = text.startsWith("-");
    return (negative ? "−" : "") + grouped(negative ? text.slice(1) : text);
}

function decimal(text, decimals) {
    const negative = text.startsWith("-");
    const digits = (negative ? text.slice(1) : text).padStart(decimals + 1, "0");
    const fraction = digits.slice(-decimals).replace(/0+$/, "");
    return `${negative ? "−" : ""}${grouped(digits.slice(0, -decimals))}${fraction && `.${fraction}`}`;
}

export const ada = (lovelace) => `${decimal(lovelace, 6)} ADA`;

// The tokens whose symbol and decimals the devnet knows, by unit.
let known = new Map();
export const learn = (tokens) => (known = new Map(tokens.map((t) => [t.unit, t])));

// So much of an asset: with a decimal point where that is known.
export function amountOf(unit, text) {
    const token = known.get(unit);
    return token ? `${decimal(text, token.decimals)} ${token.symbol}` : quantity(text);
}

// An asset's name in hex without its CIP-67 label (a number between two zeros and a checksum), which nobody reads.
export const nameOf = (unit) => unit.slice(56).replace(/^0[0-9a-f]{6}0/, "");

export const lovelaceOf = (amount) => amount?.find((a) => a.unit === "lovelace")?.quantity ?? "0";

// UTF-8 without control characters, or null.
export function readable(hex) {
    if (!hex) return null;
    try {
        const bytes = Uint8Array.from(hex.match(/../g), (b) => parseInt(b, 16));
        const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
        return /^[^\p{C}]+$/u.test(text) ? text : null;
    } catch {
        return null;
    }
}

export function assetLink(unit) {
    const name = nameOf(unit);
    return link(readable(name) ?? (name ? `0x${short(name, 12, 4)}` : "(no name)"), "asset", unit);
}

export function assets(amount) {
    const others = amount.filter((a) => a.unit !== "lovelace");
    return others.length === 0
        ? null
        : el(
              "ul",
              { class: "assets" },
              others.map((a) =>
                  el(
                      "li",
                      {},
                      el("span", {}, assetLink(a.unit), el("span", { class: "soft" }, ` · ${short(a.unit.slice(0, 56), 6, 4)}`)),
                      el("span", { class: "amount" }, amountOf(a.unit, a.quantity)),
                  ),
              ),
          );
}

export const time = (seconds) => new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 19);

export function clock(seconds) {
    return el("time", { datetime: new Date(seconds * 1000).toISOString(), class: "num" }, time(seconds));
}

export const badge = (text, kind = "") => el("span", { class: `badge ${kind}` }, text);

export function pairs(entries) {
    return el(
        "dl",
        { class: "pairs" },
        entries.filter((e) => e && e[1] !== null && e[1] !== undefined && e[1] !== "").map(([k, v]) => [el("dt", {}, k), el("dd", {}, v)]),
    );
}

export const card = (title, ...children) => el("section", { class: "card" }, title && el("h2", {}, title), children);

export function table(head, rows) {
    return el(
        "div",
        { class: "scroll" },
        el(
            "table",
            {},
            el(
                "thead",
                {},
                el(
                    "tr",
                    {},
                    head.map((h) => el("th", { scope: "col", class: h.right && "right" }, h.text ?? h)),
                ),
            ),
            el(
                "tbody",
                {},
                rows.map((cells) =>
                    el(
                        "tr",
                        {},
                        cells.map((c, i) => el("td", { class: head[i].right && "right" }, c)),
                    ),
                ),
            ),
        ),
    );
}

export const folded = (summary, text, open = false) => el("details", { class: "inner", open }, el("summary", {}, summary), el("pre", {}, text));

// Plutus data in the notation of the specifications: constructors with their fields, byte strings with the text they may be.
export function plutus(data, indent = "") {
    const inner = `${indent}  `;
    const block = (open, items, close) => (items.length === 0 ? `${open}${close}` : `${open}\n${items.map((i) => inner + i).join(",\n")}\n${indent}${close}`);
    if (data === null || typeof data !== "object") return String(data);
    if ("int" in data) return String(data.int);
    if ("bytes" in data) {
        const text = readable(data.bytes);
        return `#${data.bytes}${text ? `  "${text}"` : ""}`;
    }
    if ("list" in data)
        return block(
            "[",
            data.list.map((i) => plutus(i, inner)),
            "]",
        );
    if ("map" in data)
        return block(
            "{",
            data.map.map((e) => `${plutus(e.k, inner)}: ${plutus(e.v, inner)}`),
            "}",
        );
    if ("constructor" in data)
        return block(
            `${data.constructor}(`,
            data.fields.map((f) => plutus(f, inner)),
            ")",
        );
    return JSON.stringify(data);
}

// Unfolded while it is short.
export function dataDetails(title, data) {
    if (!data) return null;
    const text = data.json ? plutus(data.json) : `${data.cbor}\n\n(nested too deeply to be shown as more than bytes)`;
    return folded(title, text, text.length < 500);
}

export const items = (entries) =>
    el(
        "ul",
        { class: "items" },
        entries.map((e) => el("li", {}, e)),
    );

export const notFound = (what) => [el("p", { class: "notice break" }, `There is no ${what} here.`)];
