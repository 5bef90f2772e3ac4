// What the page can show: the chain as a whole, and everything in it that has a name.
import { get, find } from "./api.js";
import { el, ada, addressLink, assetLink, assets, badge, blockLink, card, clock, dataDetails, folded, link, lovelaceOf, pairs, plutus, quantity, readable, scriptLink, short, table, time, txLink } from "./elements.js";

const listed = 12;
// Blocks never change; after a rollback there are others.
const inBlock = new Map();
let wallets = null;
let balances = [];
let balancesAt = null;

export const notFound = (what) => [el("p", { class: "notice break" }, `There is no ${what} here.`)];

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
        card("Transactions", transactions.length > 0 ? transactionTable(transactions.slice(0, listed)) : el("p", { class: "soft" }, "None in the newest blocks.")),
        card("Blocks", blockTable(blocks)),
      ),
      el(
        "div",
        { class: "stack" },
        card(["Waiting ", el("small", {}, "mempool")], waiting.length > 0 ? items(waiting.map((w) => [txLink(w.tx_hash)])) : el("p", { class: "soft" }, "Nothing waits for a block.")),
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

// What a transaction is, and how much it gave to others: outputs to addresses that it spends nothing from.
async function rows(hashes) {
  const found = await Promise.all(hashes.map(async (hash) => [await find(`txs/${hash}`), await find(`txs/${hash}/utxos`)]));
  return found
    .filter(([transaction, utxos]) => transaction && utxos)
    .map(([transaction, { inputs, outputs }]) => {
      const own = new Set(inputs.filter((i) => !i.reference && !i.collateral).map((i) => i.address));
      const sent = outputs.filter((o) => !o.collateral && !own.has(o.address)).reduce((sum, o) => sum + BigInt(lovelaceOf(o.amount)), 0n);
      return { ...transaction, sent: String(sent) };
    });
}

function transactionTable(transactions) {
  return table(
    ["Transaction", "", { text: "Block", right: true }, { text: "Sent", right: true }],
    transactions.map((t) => [
      txLink(t.hash),
      [
        !t.valid_contract && badge("script failed", "bad"),
        t.redeemer_count > 0 && badge(t.redeemer_count === 1 ? "1 script" : `${t.redeemer_count} scripts`),
        t.asset_mint_or_burn_count > 0 && badge("mint"),
        t.stake_cert_count + t.delegation_count > 0 && badge("certificate"),
        t.withdrawal_count > 0 && badge("withdrawal"),
      ],
      link(String(t.block_height), "block", t.block),
      t.sent === "0" ? el("span", { class: "soft" }, "to itself") : ada(t.sent),
    ]),
  );
}

// Runs of empty blocks take one line.
function blockTable(blocks) {
  const lines = [];
  for (let i = 0; i < blocks.length && lines.length < listed; ) {
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
  return card(["Accounts ", el("small", {}, "their mnemonics are public")], table(["", "Address", { text: "Balance", right: true }], list.map((w, i) => [String(i), addressLink(w.address), ada(balances[i])])), folded("Mnemonics", list.map((w, i) => `${i}: ${w.mnemonic}`).join("\n\n")));
}

const items = (entries) => el("ul", { class: "items" }, entries.map((e) => el("li", {}, e)));

function refusal(r) {
  return [el("div", { class: "split" }, txLink(r.tx_hash), el("span", { class: "soft num" }, time(r.time))), el("p", { class: "bad-text" }, r.failures.map((f) => (f.expected ? f.predicate : `${f.predicate}: ${short(f.supplied, 70, 10)}`)).join(", "))];
}

export async function transaction(id) {
  const t = await find(`devnet/transactions/${encodeURIComponent(id.split("#")[0])}`);
  if (!t) return notFound(`transaction ${id}`);
  const states = {
    block: t.valid ? badge("in a block", "good") : badge("scripts failed, collateral taken", "bad"),
    mempool: badge("waits for a block", "wait"),
    refused: badge("refused", "bad"),
  };
  return [
    el("section", { class: "card" }, el("h1", {}, "Transaction ", states[t.state]), el("code", { class: "break" }, t.hash),
      pairs([
        t.block && ["Block", [blockLink(t.block), el("span", { class: "soft" }, " · "), clock(t.block.time)]],
        [t.valid ? "Fee" : "Collateral taken", ada(t.fee)],
        ["Size", `${quantity(String(t.size))} bytes`],
        ["Valid", validity(t)],
        t.required_signers.length > 0 && ["Must be signed by", t.required_signers.map((s) => el("div", { class: "mono break" }, s))],
        t.signers.length > 0 && ["Signed by", t.signers.map((s) => el("div", { class: "mono break" }, s))],
      ]),
    ),
    t.failures && el("section", { class: "card bad" }, el("h2", {}, "Why it was refused"), items(t.failures.map((f) => [el("strong", {}, f.predicate), pairs([[f.expected ? "Supplied" : "", f.supplied], ["Expected", f.expected]])]))),
    t.redeemers.length > 0 && card("Scripts that ran", items(t.redeemers.map(redeemer))),
    el("div", { class: "halves" },
      card(["Inputs ", el("small", {}, String(t.inputs.length))], t.inputs.length > 0 ? items(t.inputs.map(input)) : el("p", { class: "soft" }, "None: this is where the money comes from.")),
      card(["Outputs ", el("small", {}, t.state === "block" && !t.valid ? "not made: a script failed" : String(t.outputs.length))], items(t.outputs.map((o) => output(o, t)))),
    ),
    t.mint.length > 0 && card("Minted and burned", table(["Asset", "Policy", { text: "Quantity", right: true }], t.mint.map((m) => [assetLink(m.unit), scriptLink(m.unit.slice(0, 56)), quantity(m.quantity)]))),
    t.metadata.length > 0 && card("Metadata", t.metadata.map((m) => [el("div", { class: "soft" }, `Label ${m.label}`), el("pre", {}, m.json === null ? "(nested too deeply to be shown)" : JSON.stringify(m.json, null, 2))])),
    (t.reference_inputs.length > 0 || t.collateral.length > 0) && el("div", { class: "halves" },
      t.reference_inputs.length > 0 && card("Referred to", items(t.reference_inputs.map(input))),
      t.collateral.length > 0 && card(["Collateral ", el("small", {}, t.valid ? "not taken" : "taken")], items([...t.collateral.map(input), ...(t.collateral_return ? [[el("div", { class: "soft" }, "Comes back"), output(t.collateral_return, t, !t.valid)]] : [])])),
    ),
    t.scripts.length > 0 && card("Scripts attached", items(t.scripts.map((s) => el("div", { class: "split" }, scriptLink(s.hash), el("span", { class: "soft" }, `${s.language}, ${quantity(String(s.size))} bytes`))))),
    t.withdrawals.length > 0 && card("Withdrawals", items(t.withdrawals.map((w) => el("div", { class: "split" }, link(short(w.address, 16, 8), "account", w.address), el("span", { class: "amount" }, ada(w.amount)))))),
    t.certificates.length > 0 && card("Certificates", items(t.certificates.map((c) => folded(certificates[c.kind] ?? `Kind ${c.kind}`, c.cbor)))),
  ].filter(Boolean);
}

const certificates = {
  0: "Register an account", 1: "Deregister an account", 2: "Delegate to a pool", 3: "Register a pool", 4: "Retire a pool", 7: "Register an account with a deposit", 8: "Deregister an account with a refund",
  9: "Delegate the vote", 10: "Delegate to a pool and the vote", 11: "Register and delegate to a pool", 12: "Register and delegate the vote", 13: "Register, delegate to a pool and the vote",
  14: "Authorize a committee key", 15: "Resign from the committee", 16: "Register a DRep", 17: "Retire a DRep", 18: "Update a DRep",
};

function validity(t) {
  const at = (b) => [`slot ${quantity(String(b.slot))}`, b.time && el("span", { class: "soft num" }, ` (${time(b.time)})`)];
  if (!t.valid_from && !t.valid_until) return "at any time";
  return [t.valid_from && ["from ", at(t.valid_from)], t.valid_from && t.valid_until && " ", t.valid_until && ["before ", at(t.valid_until)]];
}

function input(i) {
  return [
    el("div", { class: "split" }, link(`${short(i.tx_hash)}#${i.output_index}`, "tx", i.tx_hash), i.amount ? el("span", { class: "amount" }, ada(lovelaceOf(i.amount))) : el("span", { class: "bad-text" }, "unknown")),
    i.address && addressLink(i.address),
    i.amount && assets(i.amount),
    extras(i),
  ];
}

function output(o, t, made = t.valid) {
  return [
    el("div", { class: "split" }, el("span", {}, el("span", { class: "soft num" }, `#${o.output_index} `), addressLink(o.address)), el("span", { class: "amount" }, ada(lovelaceOf(o.amount)))),
    assets(o.amount),
    extras(o),
    o.spent_by ? el("div", { class: "soft" }, "spent by ", txLink(o.spent_by)) : t.state === "block" && made && el("div", { class: "soft" }, "unspent"),
  ];
}

function extras(o) {
  return [
    o.datum ? dataDetails(`Datum ${short(o.datum_hash)}`, o.datum) : o.datum_hash && el("div", { class: "soft" }, "Datum hash ", link(short(o.datum_hash), "datum", o.datum_hash)),
    o.reference_script && el("div", { class: "soft" }, "Carries script ", scriptLink(o.reference_script.hash), ` (${o.reference_script.language}, ${quantity(String(o.reference_script.size))} bytes)`),
  ];
}

function redeemer(r) {
  const use = (name, used, declared) => [
    name,
    el("span", {}, el("meter", { min: "0", max: String(declared || 1), value: String(used ?? 0), title: `${used ?? "?"} of ${declared}` }), ` ${used === null ? "?" : quantity(String(used))} used of ${quantity(String(declared))} declared`),
  ];
  return [
    el("div", { class: "split" }, el("span", {}, el("strong", {}, `${r.purpose} ${r.index}`), " ", r.script_hash && scriptLink(r.script_hash)), r.failure ? badge("failed", "bad") : badge("accepted", "good")),
    r.failure && el("p", { class: "bad-text" }, r.failure),
    pairs([use("Memory", r.used_memory, r.memory), use("Steps", r.used_steps, r.steps)]),
    dataDetails("Redeemer", r.data),
    r.logs.length > 0 && folded(`Log (${r.logs.length})`, r.logs.join("\n"), true),
  ];
}

export async function block(id) {
  const b = await find(`blocks/${encodeURIComponent(id)}`);
  if (!b) return notFound(`block ${id}`);
  const hashes = await get(`blocks/${b.hash}/txs?count=100`);
  const transactions = await rows(hashes);
  return [
    el("section", { class: "card" }, el("h1", {}, `Block ${b.height}`), el("code", { class: "break" }, b.hash),
      pairs([
        ["Time", clock(b.time)],
        ["Slot", quantity(String(b.slot))],
        ["Epoch", `${b.epoch}, slot ${quantity(String(b.epoch_slot))} of it`],
        ["Size", `${quantity(String(b.size))} bytes`],
        b.fees && ["Fees", ada(b.fees)],
        ["Confirmations", quantity(String(b.confirmations))],
        ["Neighbours", [b.previous_block ? link("previous", "block", b.previous_block) : "the first block", " · ", b.next_block ? link("next", "block", b.next_block) : "the newest block"]],
      ]),
    ),
    card(["Transactions ", el("small", {}, b.tx_count > 100 ? `100 of ${b.tx_count}` : String(b.tx_count))], b.tx_count === 0 ? el("p", { class: "soft" }, "None.") : transactionTable(transactions)),
  ];
}

export async function address(id) {
  const path = `addresses/${encodeURIComponent(id)}`;
  const a = await find(path);
  if (!a) return [el("p", { class: "notice break" }, `Nothing ever happened at ${id}.`)];
  const [total, utxos, history] = await Promise.all([get(`${path}/total`), get(`${path}/utxos?order=desc`), get(`${path}/transactions?order=desc&count=50`)]);
  return [
    el("section", { class: "card" }, el("h1", {}, "Address ", a.script && badge("script")), el("code", { class: "break" }, a.address),
      pairs([
        ["Balance", ada(lovelaceOf(a.amount))],
        ["Received", ada(lovelaceOf(total.received_sum))],
        ["Sent", ada(lovelaceOf(total.sent_sum))],
        ["Transactions", quantity(String(total.tx_count))],
        a.stake_address && ["Account", link(short(a.stake_address, 16, 8), "account", a.stake_address)],
      ]),
    ),
    a.amount.length > 1 && card("Assets", assets(a.amount)),
    el("div", { class: "halves" },
      card(["Unspent outputs ", el("small", {}, utxos.length === 100 ? "the newest 100" : String(utxos.length))], utxos.length === 0 ? el("p", { class: "soft" }, "None.") : items(await Promise.all(utxos.map(unspent)))),
      card(["Transactions ", el("small", {}, total.tx_count > 50 ? `the newest 50 of ${total.tx_count}` : String(total.tx_count))], table(["Transaction", { text: "Block", right: true }, { text: "Time (UTC)", right: true }], history.map((h) => [txLink(h.tx_hash), link(String(h.block_height), "block", h.block_height), time(h.block_time)]))),
    ),
  ].filter(Boolean);
}

async function unspent(u) {
  const json = u.inline_datum && u.inline_datum.length < 4000 ? (await find(`scripts/datum/${u.data_hash}`))?.json_value : null;
  return [
    el("div", { class: "split" }, link(`${short(u.tx_hash)}#${u.output_index}`, "tx", u.tx_hash), el("span", { class: "amount" }, ada(lovelaceOf(u.amount)))),
    assets(u.amount),
    u.inline_datum ? dataDetails(`Datum ${short(u.data_hash)}`, { json, cbor: u.inline_datum }) : u.data_hash && el("div", { class: "soft" }, "Datum hash ", link(short(u.data_hash), "datum", u.data_hash)),
    u.reference_script_hash && el("div", { class: "soft" }, "Carries script ", scriptLink(u.reference_script_hash)),
  ];
}

export async function asset(id) {
  const path = `assets/${encodeURIComponent(id)}`;
  const a = await find(path);
  if (!a) return policy(id);
  const [holders, history] = await Promise.all([get(`${path}/addresses`), get(`${path}/history?order=desc`)]);
  return [
    el("section", { class: "card" }, el("h1", {}, "Asset ", el("small", {}, readable(a.asset_name) ?? "")), el("code", { class: "break" }, a.asset),
      pairs([
        ["Fingerprint", el("code", { class: "break" }, a.fingerprint)],
        ["Quantity", quantity(a.quantity)],
        ["Policy", scriptLink(a.policy_id)],
        ["First minted in", txLink(a.initial_mint_tx_hash)],
      ]),
    ),
    a.onchain_metadata && card(["Metadata ", el("small", {}, a.onchain_metadata_standard)], el("pre", {}, JSON.stringify(a.onchain_metadata, null, 2))),
    el("div", { class: "halves" },
      card("Holders", holders.length === 0 ? el("p", { class: "soft" }, "Nobody any more.") : table(["Address", { text: "Quantity", right: true }], holders.map((h) => [addressLink(h.address), quantity(h.quantity)]))),
      card("Minted and burned", table(["Transaction", { text: "Quantity", right: true }], history.map((h) => [txLink(h.tx_hash), quantity(h.amount)]))),
    ),
  ].filter(Boolean);
}

async function policy(id) {
  const list = await find(`assets/policy/${encodeURIComponent(id)}`);
  return list ? [card(["Policy ", el("small", { class: "mono break" }, id)], assetsTable(list))] : notFound(`asset ${id}`);
}

const assetsTable = (list) => table(["Asset", { text: "Quantity", right: true }], list.map((a) => [assetLink(a.asset), quantity(a.quantity)]));

export async function script(id) {
  const path = `scripts/${encodeURIComponent(id)}`;
  const s = await find(path);
  if (!s) return asset(id);
  const [{ cbor }, { json }, runs, minted] = await Promise.all([get(`${path}/cbor`), get(`${path}/json`), get(`${path}/redeemers?order=desc&count=30`), find(`assets/policy/${encodeURIComponent(id)}`)]);
  return [
    el("section", { class: "card" }, el("h1", {}, "Script ", badge(s.type)), el("code", { class: "break" }, s.script_hash), pairs([s.serialised_size !== null && ["Size", `${quantity(String(s.serialised_size))} bytes`]]),
      json && el("pre", {}, JSON.stringify(json, null, 2)), cbor && folded("Bytes", cbor)),
    runs.length > 0 && card("Runs", table(["Transaction", "For", { text: "Memory", right: true }, { text: "Steps", right: true }], runs.map((r) => [txLink(r.tx_hash), r.purpose, quantity(r.unit_mem), quantity(r.unit_steps)]))),
    minted && card("Assets of this policy", assetsTable(minted)),
  ].filter(Boolean);
}

export async function datum(id) {
  const found = await find(`scripts/datum/${encodeURIComponent(id)}`);
  if (!found) return notFound(`datum ${id}`);
  const { cbor } = await get(`scripts/datum/${encodeURIComponent(id)}/cbor`);
  return [el("section", { class: "card" }, el("h1", {}, "Datum"), el("code", { class: "break" }, id), el("pre", {}, found.json_value ? plutus(found.json_value) : "(nested too deeply to be shown as more than bytes)"), folded("Bytes", cbor))];
}

export async function account(id) {
  const path = `accounts/${encodeURIComponent(id)}`;
  const a = await find(path);
  if (!a) return notFound(`account ${id}`);
  const addresses = await get(`${path}/addresses`);
  return [
    el("section", { class: "card" }, el("h1", {}, "Account ", a.registered && badge("registered", "good")), el("code", { class: "break" }, a.stake_address),
      pairs([["Controls", ada(a.controlled_amount)], ["Pool", a.pool_id], ["DRep", a.drep_id]])),
    card("Addresses", items(addresses.map((x) => addressLink(x.address)))),
  ];
}
