// Asks every endpoint and validates the answers against the schemas of Blockfrost's own specification.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

// What a devnet does not have: governance, pools, the hosted service's file storage and statistics, oracles; and the key derivation
// that every wallet library has itself.
const outside = ["/governance", "/pools", "/ipfs", "/metrics", "/nutlink", "/utils/addresses"];

export default async function schemasSuite({ devnet, results, modules }) {
    if (!devnet.seen) return results.skip("all endpoints", "the lucid suite did not run");
    const require = createRequire(join(modules, "here.js"));
    const Ajv = require("ajv").default;
    const specification = JSON.parse(readFileSync(require.resolve("@blockfrost/openapi/json-schema.json"), "utf8"));
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const exact = (schema) => ajv.compile(close(structuredClone(schema)));
    // The hosted service answers a number here on all networks, whatever its specification says.
    for (const path of ["/epochs/latest/parameters", "/epochs/{number}/parameters"]) {
        specification[path].response["200"].properties.gov_action_lifetime.type = ["string", "integer"];
    }

    const errorSchema = exact(specification["/blocks/latest"].response["404"]);

    const { address, stake, unit, script, registration } = devnet.seen;
    const latest = await devnet.get("/blocks/latest");
    const [run] = await devnet.get(`/scripts/${script}/redeemers`);
    const [{ tx_hash: message }] = await devnet.get("/metadata/txs/labels/674");
    const datum = (await devnet.get(`/txs/${run.tx_hash}/utxos`)).inputs.find((i) => i.data_hash)?.data_hash ?? (await someDatum(devnet, script));
    const busy = (await devnet.get(`/txs/${message}`)).block;
    const [first] = await devnet.get("/blocks/0/txs");
    const native = unit.native.slice(0, 56);
    unit.registered = (await devnet.get("/devnet")).tokens[0].unit;

    const all = [message, run.tx_hash, registration, first, devnet.failed].filter(Boolean).map((hash) => [hash]);
    // One entry per path of the specification: values of its parameters, each with whether the answer holds something.
    const samples = {
        "/": [[]],
        "/health": [[]],
        "/health/clock": [[]],
        "/blocks/latest": [[]],
        "/blocks/latest/txs": [[], "may be empty"],
        "/blocks/latest/txs/cbor": [[], "may be empty"],
        "/blocks/{hash_or_number}": [[busy], [latest.height], [0]],
        "/blocks/{hash_or_number}/next": [[0]],
        "/blocks/{hash_or_number}/previous": [[latest.hash]],
        "/blocks/slot/{slot_number}": [[latest.slot]],
        "/blocks/epoch/{epoch_number}/slot/{slot_number}": [[latest.epoch, latest.epoch_slot]],
        "/blocks/{hash_or_number}/txs": [[busy]],
        "/blocks/{hash_or_number}/txs/cbor": [[busy]],
        "/blocks/{hash_or_number}/addresses": [[busy]],
        "/genesis": [[]],
        "/epochs/latest": [[]],
        "/epochs/latest/parameters": [[]],
        "/epochs/{number}": [[0]],
        "/epochs/{number}/next": [[0], "may be empty"],
        "/epochs/{number}/previous": [[0], "may be empty"],
        "/epochs/{number}/stakes": [[0], "may be empty"],
        "/epochs/{number}/stakes/{pool_id}": [[0, "pool1pu5jlj4q9w9jlxeu370a3c9myx47md5j5m2str0naunn2q3lkdy"], "may be empty"],
        "/epochs/{number}/blocks": [[0]],
        "/epochs/{number}/blocks/{pool_id}": [[0, "pool1pu5jlj4q9w9jlxeu370a3c9myx47md5j5m2str0naunn2q3lkdy"], "may be empty"],
        "/epochs/{number}/parameters": [[0]],
        "/txs/{hash}": all,
        "/txs/{hash}/utxos": all,
        "/txs/{hash}/stakes": [[registration]],
        "/txs/{hash}/delegations": [[message], "may be empty"],
        "/txs/{hash}/withdrawals": [[message], "may be empty"],
        "/txs/{hash}/mirs": [[message], "may be empty"],
        "/txs/{hash}/pool_updates": [[message], "may be empty"],
        "/txs/{hash}/pool_retires": [[message], "may be empty"],
        "/txs/{hash}/metadata": [[message]],
        "/txs/{hash}/metadata/cbor": [[message]],
        "/txs/{hash}/redeemers": [[run.tx_hash]],
        "/txs/{hash}/required_signers": [[message], "may be empty"],
        "/txs/{hash}/cbor": [[message]],
        "/accounts/{stake_address}": [[stake]],
        "/accounts/{stake_address}/rewards": [[stake], "may be empty"],
        "/accounts/{stake_address}/history": [[stake], "may be empty"],
        "/accounts/{stake_address}/delegations": [[stake], "may be empty"],
        "/accounts/{stake_address}/registrations": [[stake]],
        "/accounts/{stake_address}/withdrawals": [[stake]],
        "/accounts/{stake_address}/mirs": [[stake], "may be empty"],
        "/accounts/{stake_address}/addresses": [[stake]],
        "/accounts/{stake_address}/addresses/assets": [[stake]],
        "/accounts/{stake_address}/addresses/total": [[stake]],
        "/accounts/{stake_address}/utxos": [[stake]],
        "/accounts/{stake_address}/transactions": [[stake]],
        "/mempool": [[], "may be empty"],
        "/mempool/addresses/{address}": [[address], "may be empty"],
        "/metadata/txs/labels": [[]],
        "/metadata/txs/labels/{label}": [[674], [721]],
        "/metadata/txs/labels/{label}/cbor": [[674], [721]],
        "/addresses/{address}": [[address]],
        "/addresses/{address}/extended": [[address]],
        "/addresses/{address}/total": [[address]],
        "/addresses/{address}/utxos": [[address]],
        "/addresses/{address}/utxos/{asset}": [[address, unit.native]],
        "/addresses/{address}/txs": [[address]],
        "/addresses/{address}/transactions": [[address]],
        "/assets": [[]],
        "/assets/{asset}": [[unit.native], [unit.plutus], [unit.registered]],
        "/assets/{asset}/history": [[unit.native]],
        "/assets/{asset}/txs": [[unit.native]],
        "/assets/{asset}/transactions": [[unit.native]],
        "/assets/{asset}/addresses": [[unit.native]],
        "/assets/{asset}/utxos": [[unit.native]],
        "/assets/policy/{policy_id}": [[native]],
        "/scripts": [[]],
        "/scripts/{script_hash}": [[script], [native]],
        "/scripts/{script_hash}/json": [[script], [native]],
        "/scripts/{script_hash}/cbor": [[script], [native]],
        "/scripts/{script_hash}/redeemers": [[script]],
        "/scripts/{script_hash}/utxos": [[script]],
        "/scripts/datum/{datum_hash}": [[datum]],
        "/scripts/datum/{datum_hash}/cbor": [[datum]],
        "/network": [[]],
        "/network/eras": [[]],
    };
    // Asked elsewhere: what needs a body, and what needs a transaction that waits.
    const elsewhere = ["/tx/submit", "/utils/txs/evaluate", "/utils/txs/evaluate/utxos", "/mempool/{hash}"];

    const paths = Object.keys(specification).filter((p) => !outside.some((o) => p.startsWith(o)) && !elsewhere.includes(p));
    for (const path of paths) {
        await results.test(path, async () => {
            const validate = exact(specification[path].response["200"]);
            const mayBeEmpty = samples[path].includes("may be empty");
            for (const values of samples[path].filter(Array.isArray)) {
                const url = values.reduce((p, v) => p.replace(/\{\w+\}/, String(v)), path);
                const { status, body } = await devnet.answer(url);
                if (status !== 200) throw new Error(`${url}: ${status} ${JSON.stringify(body)}`);
                if (!validate(body)) throw new Error(`${url}: ${ajv.errorsText(validate.errors).slice(0, 600)}: ${JSON.stringify(body).slice(0, 300)}`);
                if (!mayBeEmpty && Array.isArray(body) && body.length === 0) throw new Error(`${url}: nothing to check`);
                await paging(devnet, specification[path].querystring?.properties, url, body, validate);
            }
        });
    }

    await results.test("/mempool/{hash}", async () => {
        if ((await devnet.control("pause")).status !== 200) return results.skip("/mempool/{hash}", "the devnet cannot pause");
        try {
            const { body } = await devnet.control("fund", { address, lovelace: "5000000" });
            const validate = exact(specification["/mempool/{hash}"].response["200"]);
            const waiting = await devnet.get(`/mempool/${body.tx_hash}`);
            if (!validate(waiting)) throw new Error(`${ajv.errorsText(validate.errors)}: ${JSON.stringify(waiting)}`);
        } finally {
            await devnet.control("resume");
        }
    });

    const nobody = "00".repeat(32);
    const wrong = {
        404: [
            `/txs/${nobody}`,
            `/blocks/${nobody}`,
            "/blocks/999999",
            "/epochs/999",
            `/assets/${"00".repeat(28)}`,
            `/scripts/${"00".repeat(28)}`,
            `/mempool/${nobody}`,
            `/scripts/datum/${nobody}`,
            "/metadata/txs/labels/4711",
            "/blocks/slot/999999999",
            `/addresses/addr_test1vz5fe53qe4mgy6p0vw4q4wp8rz59n8t3x2z4gdq09tnu9hgkzcfgn`,
        ],
        400: [
            "/nonsense",
            "/blocks/x",
            "/epochs/x",
            "/addresses/x",
            "/accounts/x",
            "/assets/x",
            "/metadata/txs/labels/x",
            "/blocks/slot/x",
            "/assets?count=0",
            "/assets?count=101",
            "/assets?page=0",
            "/assets?page=21474837",
            "/assets?order=up",
            `/addresses/${address}/transactions?from=x`,
            "/addresses/addr1v8fet8gavr6elqt6q50skkjf025zthqu6vr56l5k39sp9aqlvz2g4",
        ],
    };
    for (const [code, urls] of Object.entries(wrong)) {
        for (const url of urls) {
            await results.test(`${url} is ${code}`, async () => {
                const { status, body } = await devnet.answer(url);
                if (!errorSchema(body) || body.status_code !== status) throw new Error(JSON.stringify(body));
                // A checksum that is wrong makes an address malformed: then 400 is right too.
                if (status !== Number(code) && !(url.startsWith("/addresses/addr_test1") && status === 400))
                    throw new Error(`${status} ${JSON.stringify(body)}`);
            });
        }
    }
}

// An object of the specification lists all its fields; one more is a mistake of ours. And what OpenAPI calls nullable, JSON Schema
// says in types and values.
function close(schema) {
    if (Array.isArray(schema)) schema.forEach(close);
    else if (schema && typeof schema === "object") {
        if (schema.nullable && schema.enum) schema.enum.push(null);
        if (schema.nullable && !schema.type) delete schema.nullable;
        if (schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false;
        Object.values(schema).forEach(close);
    }
    return schema;
}

async function paging(devnet, parameters, url, body, validate) {
    if (!parameters?.count || body.length === 0) return;
    const get = async (query) => {
        const { status, body } = await devnet.answer(`${url}?${query}`);
        if (status !== 200 || !validate(body)) throw new Error(`${url}?${query}: ${status} ${JSON.stringify(body).slice(0, 200)}`);
        return JSON.stringify(body);
    };
    const fromEnd = url.includes("previous");
    const nth = (n) => JSON.stringify(fromEnd ? body.slice(body.length - 1 - n, body.length - n) : body.slice(n, n + 1));
    if ((await get("count=1")) !== nth(0)) throw new Error(`${url}: the first page of one`);
    if (body.length > 1 && (await get("count=1&page=2")) !== nth(1)) throw new Error(`${url}: the second page of one`);
    if ((await get("page=21474836")) !== "[]") throw new Error(`${url}: a page beyond the end`);
    if (parameters.order && body.length < 100 && (await get("order=desc")) !== JSON.stringify([...body].reverse())) throw new Error(`${url}: newest first`);
}

async function someDatum(devnet, script) {
    for (const { tx_hash } of await devnet.get(`/scripts/${script}/redeemers`)) {
        const found = (await devnet.get(`/txs/${tx_hash}/utxos`)).inputs.find((i) => i.data_hash);
        if (found) return found.data_hash;
    }
    throw new Error(`no datum was ever used`);
}
