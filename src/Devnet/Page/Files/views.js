// Everything else in the chain that has a name.
import { get, find } from "./api.js";
import {
    ada,
    addressLink,
    amountOf,
    assetLink,
    assets,
    badge,
    card,
    clock,
    dataDetails,
    el,
    folded,
    items,
    link,
    lovelaceOf,
    nameOf,
    notFound,
    pairs,
    plutus,
    quantity,
    readable,
    scriptLink,
    short,
    table,
    time,
    txLink,
} from "./elements.js";
import { rows, transactionTable } from "./transactions.js";

export async function block(id) {
    const b = await find(`blocks/${encodeURIComponent(id)}`);
    if (!b) return notFound(`block ${id}`);
    const hashes = await get(`blocks/${b.hash}/txs?count=100`);
    const transactions = await rows(hashes);
    return [
        el(
            "section",
            { class: "card" },
            el("h1", {}, `Block ${b.height}`),
            el("code", { class: "break" }, b.hash),
            pairs([
                ["Time", clock(b.time)],
                ["Slot", quantity(String(b.slot))],
                ["Epoch", `${b.epoch}, slot ${quantity(String(b.epoch_slot))} of it`],
                ["Size", `${quantity(String(b.size))} bytes`],
                b.fees && ["Fees", ada(b.fees)],
                ["Confirmations", quantity(String(b.confirmations))],
                [
                    "Neighbours",
                    [
                        b.previous_block ? link("previous", "block", b.previous_block) : "the first block",
                        " · ",
                        b.next_block ? link("next", "block", b.next_block) : "the newest block",
                    ],
                ],
            ]),
        ),
        card(
            ["Transactions ", el("small", {}, b.tx_count > 100 ? `100 of ${b.tx_count}` : String(b.tx_count))],
            b.tx_count === 0 ? el("p", { class: "soft" }, "None.") : transactionTable(transactions),
        ),
    ];
}

export async function address(id) {
    const path = `addresses/${encodeURIComponent(id)}`;
    const a = await find(path);
    if (!a) return [el("p", { class: "notice break" }, `Nothing ever happened at ${id}.`)];
    const [total, utxos, history] = await Promise.all([get(`${path}/total`), get(`${path}/utxos?order=desc`), get(`${path}/transactions?order=desc&count=50`)]);
    return [
        el(
            "section",
            { class: "card" },
            el("h1", {}, "Address ", a.script && badge("script")),
            el("code", { class: "break" }, a.address),
            pairs([
                ["Balance", ada(lovelaceOf(a.amount))],
                ["Received", ada(lovelaceOf(total.received_sum))],
                ["Sent", ada(lovelaceOf(total.sent_sum))],
                ["Transactions", quantity(String(total.tx_count))],
                a.stake_address && ["Account", link(short(a.stake_address, 16, 8), "account", a.stake_address)],
            ]),
        ),
        a.amount.length > 1 && card("Assets", assets(a.amount)),
        el(
            "div",
            { class: "halves" },
            card(
                ["Unspent outputs ", el("small", {}, utxos.length === 100 ? "the newest 100" : String(utxos.length))],
                utxos.length === 0 ? el("p", { class: "soft" }, "None.") : items(await Promise.all(utxos.map(unspent))),
            ),
            card(
                ["Transactions ", el("small", {}, total.tx_count > 50 ? `the newest 50 of ${total.tx_count}` : String(total.tx_count))],
                table(
                    ["Transaction", { text: "Block", right: true }, { text: "Time (UTC)", right: true }],
                    history.map((h) => [txLink(h.tx_hash), link(String(h.block_height), "block", h.block_height), time(h.block_time)]),
                ),
            ),
        ),
    ].filter(Boolean);
}

async function unspent(u) {
    const json = u.inline_datum && u.inline_datum.length < 4000 ? (await find(`scripts/datum/${u.data_hash}`))?.json_value : null;
    return [
        el(
            "div",
            { class: "split" },
            link(`${short(u.tx_hash)}#${u.output_index}`, "tx", u.tx_hash),
            el("span", { class: "amount" }, ada(lovelaceOf(u.amount))),
        ),
        assets(u.amount),
        u.inline_datum
            ? dataDetails(`Datum ${short(u.data_hash)}`, { json, cbor: u.inline_datum })
            : u.data_hash && el("div", { class: "soft" }, "Datum hash ", link(short(u.data_hash), "datum", u.data_hash)),
        u.reference_script_hash && el("div", { class: "soft" }, "Carries script ", scriptLink(u.reference_script_hash)),
    ];
}

export async function asset(id) {
    const path = `assets/${encodeURIComponent(id)}`;
    const a = await find(path);
    if (!a) return policy(id);
    const [holders, history] = await Promise.all([get(`${path}/addresses`), get(`${path}/history?order=desc`)]);
    return [
        el(
            "section",
            { class: "card" },
            el("h1", {}, "Asset ", el("small", {}, readable(nameOf(a.asset)) ?? "")),
            el("code", { class: "break" }, a.asset),
            pairs([
                ["Fingerprint", el("code", { class: "break" }, a.fingerprint)],
                ["Quantity", amountOf(a.asset, a.quantity)],
                ["Policy", scriptLink(a.policy_id)],
                ["First minted in", txLink(a.initial_mint_tx_hash)],
            ]),
        ),
        a.onchain_metadata && card(["Metadata ", el("small", {}, a.onchain_metadata_standard)], el("pre", {}, JSON.stringify(a.onchain_metadata, null, 2))),
        el(
            "div",
            { class: "halves" },
            card(
                "Holders",
                holders.length === 0
                    ? el("p", { class: "soft" }, "Nobody any more.")
                    : table(
                          ["Address", { text: "Quantity", right: true }],
                          holders.map((h) => [addressLink(h.address), amountOf(a.asset, h.quantity)]),
                      ),
            ),
            card(
                "Minted and burned",
                table(
                    ["Transaction", { text: "Quantity", right: true }],
                    history.map((h) => [txLink(h.tx_hash), amountOf(a.asset, h.amount)]),
                ),
            ),
        ),
    ].filter(Boolean);
}

async function policy(id) {
    const list = await find(`assets/policy/${encodeURIComponent(id)}`);
    return list ? [card(["Policy ", el("small", { class: "mono break" }, id)], assetsTable(list))] : notFound(`asset ${id}`);
}

const assetsTable = (list) =>
    table(
        ["Asset", { text: "Quantity", right: true }],
        list.map((a) => [assetLink(a.asset), amountOf(a.asset, a.quantity)]),
    );

export async function script(id) {
    const path = `scripts/${encodeURIComponent(id)}`;
    const s = await find(path);
    if (!s) return asset(id);
    const [{ cbor }, { json }, runs, minted] = await Promise.all([
        get(`${path}/cbor`),
        get(`${path}/json`),
        get(`${path}/redeemers?order=desc&count=30`),
        find(`assets/policy/${encodeURIComponent(id)}`),
    ]);
    return [
        el(
            "section",
            { class: "card" },
            el("h1", {}, "Script ", badge(s.type)),
            el("code", { class: "break" }, s.script_hash),
            pairs([s.serialised_size !== null && ["Size", `${quantity(String(s.serialised_size))} bytes`]]),
            json && el("pre", {}, JSON.stringify(json, null, 2)),
            cbor && folded("Bytes", cbor),
        ),
        runs.length > 0 &&
            card(
                "Runs",
                table(
                    ["Transaction", "For", { text: "Memory", right: true }, { text: "Steps", right: true }],
                    runs.map((r) => [txLink(r.tx_hash), r.purpose, quantity(r.unit_mem), quantity(r.unit_steps)]),
                ),
            ),
        minted && card("Assets of this policy", assetsTable(minted)),
    ].filter(Boolean);
}

export async function datum(id) {
    const found = await find(`scripts/datum/${encodeURIComponent(id)}`);
    if (!found) return notFound(`datum ${id}`);
    const { cbor } = await get(`scripts/datum/${encodeURIComponent(id)}/cbor`);
    return [
        el(
            "section",
            { class: "card" },
            el("h1", {}, "Datum"),
            el("code", { class: "break" }, id),
            el("pre", {}, found.json_value ? plutus(found.json_value) : "(nested too deeply to be shown as more than bytes)"),
            folded("Bytes", cbor),
        ),
    ];
}

export async function account(id) {
    const path = `accounts/${encodeURIComponent(id)}`;
    const a = await find(path);
    if (!a) return notFound(`account ${id}`);
    const addresses = await get(`${path}/addresses`);
    return [
        el(
            "section",
            { class: "card" },
            el("h1", {}, "Account ", a.registered && badge("registered", "good")),
            el("code", { class: "break" }, a.stake_address),
            pairs([
                ["Controls", ada(a.controlled_amount)],
                ["Pool", a.pool_id],
                ["DRep", a.drep_id],
            ]),
        ),
        card("Addresses", items(addresses.map((x) => addressLink(x.address)))),
    ];
}
