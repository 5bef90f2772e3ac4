// The chain as a whole: its newest transactions and blocks, what waits, what was refused, the accounts.
import { get, find } from "./api.js";
import { ada, addressLink, blockLink, card, el, folded, items, lovelaceOf, quantity, scriptLink, short, table, time, txLink } from "./elements.js";
import { rows, transactionTable } from "./transactions.js";

const listed = 12;
// Blocks never change; after a rollback there are others.
const inBlock = new Map();
const remembered = 200;
let wallets = null;
let balances = [];
let balancesAt = null;

// The accounts that the devnet made and funded, if it did.
export async function known() {
    wallets ??= (await find("devnet/accounts")) ?? [];
    if (!Array.isArray(wallets)) wallets = wallets.accounts ?? [];
    return wallets;
}

export async function overview(state) {
    const latest = await get("blocks/latest");
    const blocks = [latest, ...(await get(`blocks/${latest.hash}/previous?count=60`)).reverse()];
    const busy = blocks.filter((b) => b.tx_count > 0);
    const [waiting, refusals] = [await get("mempool?order=desc&count=20"), (await find("devnet/refusals")) ?? []];
    const transactions = [];
    for (const b of busy) {
        if (transactions.length >= listed) break;
        if (inBlock.size > remembered) inBlock.clear();
        if (!inBlock.has(b.hash)) inBlock.set(b.hash, await summaries(b));
        transactions.push(...inBlock.get(b.hash));
    }
    return [
        el(
            "div",
            { class: "columns" },
            el(
                "div",
                { class: "stack" },
                card(
                    "Transactions",
                    transactions.length > 0 ? transactionTable(transactions.slice(0, listed)) : el("p", { class: "soft" }, "None in the newest blocks."),
                ),
                card("Blocks", blockTable(blocks)),
            ),
            el(
                "div",
                { class: "stack" },
                card(
                    ["Waiting ", el("small", {}, "mempool")],
                    waiting.length > 0 ? items(waiting.map((w) => [txLink(w.tx_hash)])) : el("p", { class: "soft" }, "Nothing waits for a block."),
                ),
                refusals.length > 0 && card(["Refused ", el("small", {}, "newest first")], items(refusals.slice(0, 8).map(refusal))),
                await accountsCard(busy[0]?.hash ?? latest.hash),
                card("Faucet", addressLink(state.faucet_address), el("p", { class: "soft" }, "mints under ", scriptLink(state.faucet_policy))),
            ),
        ),
    ];
}

async function summaries(b) {
    return rows(await get(`blocks/${b.hash}/txs?order=desc&count=${listed}`));
}

// Runs of empty blocks take one line.
function blockTable(blocks) {
    const lines = [];
    for (let i = 0; i < blocks.length && lines.length < listed;) {
        let end = i + 1;
        while (blocks[i].tx_count === 0 && end < blocks.length && blocks[end].tx_count === 0) end++;
        const [first, last] = [blocks[i], blocks[end - 1]];
        lines.push([
            end - i > 1 ? [blockLink(first), " to ", blockLink(last)] : blockLink(first),
            el("span", { class: "num" }, time(first.time)),
            first.tx_count === 0 ? el("span", { class: "soft" }, end - i > 1 ? `${end - i} empty` : "empty") : String(first.tx_count),
            first.tx_count === 0 ? "" : `${quantity(String(first.size))} B`,
        ]);
        i = end;
    }
    return table(["Block", "Time (UTC)", { text: "Transactions", right: true }, { text: "Size", right: true }], lines);
}

async function accountsCard(at) {
    const list = await known();
    if (list.length === 0) return null;
    if (balancesAt !== at) {
        balances = await Promise.all(list.map(async (w) => lovelaceOf((await find(`addresses/${w.address}`))?.amount)));
        balancesAt = at;
    }
    return card(
        ["Accounts ", el("small", {}, "their mnemonics are public")],
        table(
            ["", "Address", { text: "Balance", right: true }],
            list.map((w, i) => [String(i), addressLink(w.address), ada(balances[i])]),
        ),
        folded("Mnemonics", list.map((w, i) => `${i}: ${w.mnemonic}`).join("\n\n")),
    );
}

function refusal(r) {
    return [
        el("div", { class: "split" }, txLink(r.tx_hash), el("span", { class: "soft num" }, time(r.time))),
        r.words.length > 0 && el("pre", {}, r.words.join("\n")),
        el("p", { class: "bad-text" }, r.failures.map((f) => (f.expected ? f.predicate : `${f.predicate}: ${short(f.supplied, 70, 10)}`)).join(", ")),
    ];
}
