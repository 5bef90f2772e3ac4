// The page: asks the devnet every second how things are, and shows the view the address asks for.
import { get, find, control } from "./api.js";
import { el, learn, nameOf, notFound, quantity, time } from "./elements.js";
import { known, overview } from "./overview.js";
import { transaction } from "./transaction.js";
import { account, address, asset, block, datum, script } from "./views.js";

const $ = (id) => document.getElementById(id);
const nothing = (query) => notFound(`“${query}”`);
const views = new Map(Object.entries({ tx: transaction, block, address, asset, script, datum, account, nothing }));
let state = null;
let shown = null;
let turn = 0;

async function tick() {
    try {
        const now = await get("devnet");
        const changed = !state || now.tip.hash !== state.tip.hash || now.mempool !== state.mempool || now.genesis_time !== state.genesis_time;
        if (!state) offer(now.tokens);
        state = now;
        live(now.paused ? "paused" : "on", now.paused ? "paused" : "live");
        tip(now);
        if (changed) await show();
    } catch (e) {
        live("off", e instanceof TypeError ? "the devnet does not answer" : e.message);
    }
}

// What the faucet can give besides ADA.
function offer(tokens) {
    learn(tokens);
    $("token").replaceChildren(...["ADA", ...tokens.map((t) => t.symbol)].map((symbol) => el("option", {}, symbol)));
}

function live(kind, text) {
    const element = $("live");
    if (element.textContent !== text) element.textContent = text;
    element.className = `live ${kind}`;
}

function tip(now) {
    const paces = { "per-transaction": "block per tx", "on-demand": "on demand" };
    const fact = (name, value, title) => el("div", { title }, el("span", {}, name), el("strong", {}, value));
    $("tip").replaceChildren(
        fact("Block", quantity(String(now.tip.height)), now.tip.hash),
        fact("Slot", quantity(String(now.clock.slot))),
        fact("Chain time (UTC)", time(Math.floor(now.clock.posix_ms / 1000))),
        fact("Waiting", quantity(String(now.mempool)), "Transactions in the mempool"),
        fact("Blocks", paces[now.production] ?? `every ${now.block_time ?? 1} s`),
        fact("Network magic", String(now.network_magic)),
    );
    $("pause").firstElementChild.textContent = now.paused ? "Resume" : "Pause";
}

// Draws what the address bar asks for. A slower answer to an earlier question is dropped.
async function show() {
    const mine = ++turn;
    const route = location.hash.replace(/^#\/?/, "");
    const [kind, ...rest] = route.split("/");
    let content;
    try {
        const id = decodeURIComponent(rest.join("/"));
        content = kind === "" ? await overview(state) : views.has(kind) ? await views.get(kind)(id) : nothing(route);
    } catch (e) {
        content = [el("p", { class: "notice" }, e instanceof URIError ? "That is no address of this page." : `That did not work: ${e.message}`)];
    }
    if (mine !== turn) return;
    const view = $("view");
    const next = el("div", { class: "stack" }, [content].flat().filter(Boolean));
    if (route === shown && view.firstElementChild) {
        const focused = view.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        patch(view.firstElementChild, next);
        if (focused && !view.contains(document.activeElement)) view.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    } else {
        view.replaceChildren(next);
        if (shown !== null) {
            view.focus({ preventScroll: true });
            scrollTo(0, 0);
        }
        shown = route;
    }
}

// Replaces only what is different, so that what is selected, focused or unfolded stays.
function patch(old, next) {
    const [before, after] = [old.querySelectorAll("details"), next.querySelectorAll("details")];
    if (before.length === after.length) after.forEach((d, i) => (d.open = before[i].open));
    if (old.isEqualNode(next)) return;
    const isFrame = /^(stack|columns|halves)$/.test(old.className) && old.className === next.className && old.childElementCount === next.childElementCount;
    if (isFrame) [...next.children].forEach((child, i) => patch(old.children[i], child));
    else old.replaceWith(next);
}

async function search(text) {
    const go = (kind, id) => (location.hash = `#/${kind}/${encodeURIComponent(id)}`);
    const query = text.trim();
    if (query === "") return;
    if (/^\d+$/.test(query)) return go("block", query);
    if (/^stake/.test(query)) return go("account", query);
    if (/^(addr|script1|[1-9A-HJ-NP-Za-km-z]{60,}$)/.test(query) && !/^[0-9a-f]+$/.test(query)) return go("address", query);
    const hex = query.toLowerCase().replace(".", "");
    const [hash] = hex.split("#");
    if (/^[0-9a-f]{64}$/.test(hash)) {
        if (await find(`devnet/transactions/${hash}`)) return go("tx", hash);
        if (await find(`blocks/${hash}`)) return go("block", hash);
        if (await find(`scripts/datum/${hash}`)) return go("datum", hash);
        return go("tx", hash);
    }
    if (/^[0-9a-f]{56}$/.test(hex)) return go((await find(`scripts/${hex}`)) ? "script" : "asset", hex);
    if (/^[0-9a-f]{56,120}$/.test(hex)) return go("asset", hex);
    // A name of an asset, as people write it.
    for (const { asset: unit } of await get("assets?order=desc")) {
        if (readsAs(unit, query)) return go("asset", unit);
    }
    location.hash = `#/nothing/${encodeURIComponent(query)}`;
}

function readsAs(unit, name) {
    const hex = [...new TextEncoder().encode(name)].map((b) => b.toString(16).padStart(2, "0")).join("");
    return nameOf(unit) === hex;
}

function form(id, send) {
    $(id).addEventListener("submit", async (event) => {
        event.preventDefault();
        const button = $(id).querySelector("button");
        const outcome = $("outcome");
        button.disabled = true;
        outcome.className = "";
        try {
            outcome.replaceChildren(await send());
            await tick();
        } catch (e) {
            outcome.className = "bad";
            outcome.replaceChildren(e.message);
        } finally {
            button.disabled = false;
        }
    });
}

form("mine", async () => `The tip is block ${(await control("mine", { blocks: Number($("blocks").value) })).height}.`);
form("advance", async () => {
    const clock = await control("advance", { seconds: Number($("amount").value) * Number($("unit").value) });
    return `It is now ${clock.time.slice(0, 19).replace("T", " ")}, slot ${clock.slot}.`;
});
form("pause", async () => {
    await control(state?.paused ? "resume" : "pause");
    return state?.paused ? "Time goes on." : "Blocks and clock stand still.";
});
form("fund", async () => {
    const paid = await control("fund", { address: $("to").value.trim(), amounts: [`${$("gift").value} ${$("token").value}`] });
    return el("span", {}, "Paid in ", el("a", { href: `#/tx/${paid.tx_hash}`, class: "mono break" }, paid.tx_hash), ".");
});

$("search").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
        await search($("query").value);
        $("query").value = "";
    } catch (e) {
        live("off", e.message);
    }
});
document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) {
        event.preventDefault();
        $("query").focus();
    }
});
addEventListener("hashchange", show);

known()
    .then((wallets) => $("known").replaceChildren(...wallets.map((w, i) => el("option", { value: w.address }, `account ${i}`))))
    .catch(() => {});
// A page nobody looks at asks nothing.
(async function loop() {
    if (document.visibilityState === "visible") await tick();
    setTimeout(loop, 1000);
})();
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tick());
