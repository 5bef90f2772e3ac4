// The devnet's page in a real browser: what it shows, that it follows the chain, and that nothing from the chain becomes markup.
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { equal, holds } from "./results.mjs";

const browsers = [
    process.env.CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const markup = "<img src=x onerror=alert(1)>";
const someone = "addr_test1vpfwv0ezc5g8a4mkku8hhy3y3vp92t7s3ul8g778g5yegsgalc6gc";

export default async function pageSuite({ devnet, results, modules }) {
    const executablePath = browsers.find((b) => b && existsSync(b));
    if (!executablePath) return results.skip("the page", "there is no chromium");
    const require = createRequire(join(modules, "here.js"));
    const { chromium } = require("playwright-core");
    const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
    try {
        await inBrowser(browser, devnet, results);
    } finally {
        await browser.close();
    }
}

async function inBrowser(browser, devnet, results) {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const problems = [];
    page.on("console", (m) => m.type() === "error" && !/status of 40[04]/.test(m.text()) && problems.push(m.text()));
    page.on("pageerror", (e) => problems.push(String(e)));
    page.on("dialog", (d) => (problems.push(`dialog: ${d.message()}`), d.dismiss()));
    page.on("request", (r) => !r.url().startsWith(devnet.root) && !r.url().startsWith("data:") && problems.push(`asks ${r.url()}`));
    page.setDefaultTimeout(8000);
    const text = async (selector) => (await page.locator(selector).first().innerText()).trim();
    const see = (selector, what) => page.locator(selector, { hasText: what }).first().waitFor();
    const open = (route) => page.goto(`${devnet.root}/#/${route}`).then(() => page.locator("main *").first().waitFor());
    const find = async (query) => {
        await page.fill("#query", query);
        await page.press("#query", "Enter");
    };

    await results.test("the root is a page for browsers and JSON for programs, under a strict policy", async () => {
        const response = await page.goto(`${devnet.root}/`);
        const policy = response.headers()["content-security-policy"];
        holds(/default-src 'none'/.test(policy) && !/unsafe|\*|https?:/.test(policy), policy);
        equal(response.headers()["x-content-type-options"], "nosniff");
        const json = await fetch(`${devnet.root}/`, { headers: { Accept: "application/json" } }).then((r) => r.json());
        equal(json.url, "https://blockfrost.io/");
        await see("#live", "live");
        holds((await text("#tip")).includes("Block"), "the tip");
    });

    await results.test("it follows the chain while it is looked at", async () => {
        const { body } = await devnet.control("fund", { address: someone, lovelace: "12345678" });
        await see("main table a", body.tx_hash.slice(0, 8));
        const { height } = await devnet.get("/blocks/latest");
        await see("#tip", height.toLocaleString("en"));
    });

    await results.test("its controls mine, move time, pause and give money", async () => {
        await page.locator("#controls summary").click();
        const before = (await devnet.get("/blocks/latest")).height;
        await page.fill("#blocks", "3");
        await page.click("#mine button");
        await see("#outcome", "The tip is block");
        holds((await devnet.get("/blocks/latest")).height >= before + 3, "three blocks more");
        const slot = (await devnet.get("/devnet")).clock.slot;
        await page.click("#advance button");
        await see("#outcome", "It is now");
        holds((await devnet.get("/devnet")).clock.slot >= slot + 3600, "an hour later");
        await page.click("#pause button");
        await see("#live", "paused");
        await page.click("#pause button");
        await see("#live", "live");
        await page.fill("#gift", "77");
        await page.fill("#to", someone);
        await page.click("#fund button");
        await see("#outcome", "Paid in");
        await page.locator("#outcome a").click();
        await see("main h1", "Transaction");
        await see("main .amount", "77 ADA");
        await page.fill("#gift", "2.5");
        await page.selectOption("#token", "tUSDM");
        await page.click("#fund button");
        await see("#outcome", "Paid in");
        await page.locator("#outcome a").click();
        await see("main .amount", "2.5 tUSDM");
        await find("tUSDM");
        await see("main h1", "tUSDM");
        await see("main dd, main td", "10,001,000,000 tUSDM");
        await page.fill("#to", "nonsense");
        await page.click("#fund button");
        await see("#outcome.bad", "address");
    });

    await results.test("the search finds transactions, blocks, addresses and assets, and says so when there is nothing", async () => {
        const unit = `${(await devnet.get("/devnet")).faucet_policy}${Buffer.from("Found").toString("hex")}`;
        const paid = await devnet.fund(someone, 3, [{ unit, quantity: "42" }]);
        await find(paid.tx_hash);
        await see("main code", paid.tx_hash);
        await see("main table", "42");
        await find("1");
        await see("main h1", "Block 1");
        await find(someone);
        await see("main h1", "Address");
        await find("Found");
        await see("main code", unit);
        await find("no such thing");
        await see("main", "There is no");
        await find("ab".repeat(32));
        await see("main", "There is no transaction");
    });

    await results.test("names from the chain are text, whatever they look like", async () => {
        const { faucet_policy } = await devnet.get("/devnet");
        const unit = `${faucet_policy}${Buffer.from(markup).toString("hex")}`;
        const paid = await devnet.fund(someone, 3, [{ unit, quantity: "1" }]);
        for (const route of [
            `tx/${paid.tx_hash}`,
            `address/${someone}`,
            `asset/${unit}`,
            `script/${faucet_policy}`,
            `tx/${encodeURIComponent(markup)}`,
            encodeURIComponent(markup),
            "%E0%A4%A",
        ]) {
            await open(route);
            await page.waitForTimeout(150);
            equal(await page.locator("main img, main script, main b, main iframe").count(), 0, `elements made by ${route}`);
        }
        await open(`tx/${paid.tx_hash}`);
        await see("main a", markup);
    });

    await results.test("a refused transaction is shown with the ledger's reasons", async () => {
        const { cbor } = await devnet.get(`/txs/${(await devnet.get(`/addresses/${someone}/txs?count=1`))[0]}/cbor`);
        // The same bytes with another fee are no valid transaction any more.
        const changed = Buffer.from(
            cbor.replace(/021a(\w{8})/, (_, fee) => `021a${(parseInt(fee, 16) + 1).toString(16).padStart(8, "0")}`),
            "hex",
        );
        const { status } = await devnet.answer("/tx/submit", { method: "POST", headers: { "Content-Type": "application/cbor" }, body: changed });
        equal(status, 400);
        await open("");
        await page.reload();
        await see("main h2", "Refused");
        await page.locator("section", { hasText: "Refused" }).locator("a").first().click();
        await see("main h2", "Why it was refused");
    });

    if (devnet.seen) {
        await results.test("a transaction is decoded: datum, redeemer, units, metadata", async () => {
            const [run] = await devnet.get(`/scripts/${devnet.seen.script}/redeemers?order=desc`);
            await open(`tx/${run.tx_hash}`);
            await see("main h2", "Scripts that ran");
            await see("main dd", `used of ${Number(run.unit_mem).toLocaleString("en")} declared`);
            const [message] = await devnet.get("/metadata/txs/labels/674");
            await open(`tx/${message.tx_hash}`);
            await see("main pre", "<b>not bold</b>");
            equal(await page.locator("main b").count(), 0, "bold elements");
            await open(`script/${devnet.seen.script}`);
            await see("main h2", "Runs");
            if (devnet.failed) {
                await open(`tx/${devnet.failed}`);
                await see("main h1", "collateral taken");
                await see("main .badge.bad", "failed");
            }
            await open(`account/${devnet.seen.stake}`);
            await see("main h1", "Account");
        });
    }

    await results.test("it fits every width, in light and dark", async () => {
        const runs = devnet.seen ? await devnet.get(`/scripts/${devnet.seen.script}/redeemers`) : [];
        const tx = runs.find((r) => r.purpose === "spend")?.tx_hash ?? (await devnet.get(`/addresses/${someone}/txs`))[0];
        const [refused] = await devnet.get("/devnet/refusals");
        const routes = {
            chain: "",
            transaction: `tx/${tx}`,
            refused: `tx/${refused.tx_hash}`,
            address: `address/${devnet.seen?.address ?? someone}`,
            script: `script/${(await devnet.get("/devnet")).faucet_policy}`,
            block: "block/latest",
        };
        for (const colorScheme of ["light", "dark"]) {
            for (const width of [1200, 760, 360]) {
                await page.emulateMedia({ colorScheme });
                await page.setViewportSize({ width, height: 900 });
                for (const [name, route] of Object.entries(routes)) {
                    await open(route);
                    await page.waitForTimeout(250);
                    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                    holds(overflow <= 0, `${name} at ${width} is ${overflow} too wide`);
                    if (process.env.SCREENSHOTS)
                        await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}-${colorScheme}-${width}.png`), fullPage: true });
                }
            }
        }
    });

    await results.test("nothing went wrong in the browser on the way", async () => equal(problems, []));
}
