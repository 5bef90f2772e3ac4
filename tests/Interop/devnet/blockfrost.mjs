// blockfrost-js: what applications without a wallet library ask.
import { createRequire } from "node:module";
import { join } from "node:path";
import { equal, holds } from "./results.mjs";

export default async function blockfrostSuite({ devnet, results, modules }) {
    const require = createRequire(join(modules, "here.js"));
    const { BlockFrostAPI, BlockfrostServerError } = require("@blockfrost/blockfrost-js");
    const api = new BlockFrostAPI({ customBackend: devnet.url, projectId: "preprodDevnet", rateLimiter: false });
    const address = "addr_test1vpfwv0ezc5g8a4mkku8hhy3y3vp92t7s3ul8g778g5yegsgalc6gc";
    await devnet.fund(address, 11);

    await results.test("the tip, its epoch and its parameters", async () => {
        const [block, epoch, parameters] = [await api.blocksLatest(), await api.epochsLatest(), await api.epochsLatestParameters()];
        equal([epoch.epoch, parameters.epoch], [block.epoch, block.epoch]);
        equal([parameters.min_fee_a, parameters.max_tx_ex_steps], [44, "10000000000"]);
    });

    await results.test("all pages of a list", async () => {
        const all = await api.addressesUtxosAll(address);
        holds(all.length >= 1 && all.every((u) => u.address === address), "the outputs of the address");
        equal(await api.addressesUtxos(address, { page: 50 }), [], "a page beyond the end");
    });

    await results.test("a transaction with its inputs and outputs", async () => {
        const [last] = await api.addressesTransactions(address, { order: "desc", count: 1 });
        const [transaction, utxos] = [await api.txs(last.tx_hash), await api.txsUtxos(last.tx_hash)];
        equal(transaction.block_height, last.block_height);
        const sum = (list) =>
            list
                .flatMap((u) => u.amount)
                .filter((a) => a.unit === "lovelace")
                .reduce((s, a) => s + BigInt(a.quantity), 0n);
        equal(`${sum(utxos.inputs)}`, `${sum(utxos.outputs) + BigInt(transaction.fees)}`, "the balance");
    });

    await results.test("an unknown address is an error with status 404, a malformed one with 400", async () => {
        const errors = [];
        await api.addresses("addr_test1vz5fe53qe4mgy6p0vw4q4wp8rz59n8t3x2z4gdq09tnu9hgkzcfgn").catch((e) => errors.push(e));
        await api.addresses("nonsense").catch((e) => errors.push(e));
        holds(
            errors.every((e) => e instanceof BlockfrostServerError),
            errors.join(" "),
        );
        const codes = errors.map((e) => e.status_code);
        holds(codes.length === 2 && [400, 404].includes(codes[0]) && codes[1] === 400, codes.join(" "));
    });

    await results.test("bytes that are no transaction are refused as such", async () => {
        const error = await api.txSubmit("84a0").catch((e) => e);
        holds(error instanceof BlockfrostServerError && error.status_code === 400, `${error}`);
    });

    if (!devnet.seen) return results.skip("what the wallet made", "the lucid suite did not run");

    await results.test("an asset, who holds it and how it came to be", async () => {
        const unit = devnet.seen.unit.native;
        const [asset, holders, history] = [await api.assetsById(unit), await api.assetsAddresses(unit), await api.assetsHistory(unit)];
        equal([asset.quantity, asset.onchain_metadata_standard, history.length], ["3", "CIP25v1", 1]);
        equal(holders, [{ address: devnet.seen.address, quantity: "3" }]);
        equal(
            (await api.assetsPolicyByIdAll(unit.slice(0, 56))).map((a) => a.asset),
            [unit],
        );
    });

    await results.test("metadata by label", async () => {
        const found = await api.metadataTxsLabel(674);
        holds(
            found.some((m) => m.json_metadata.msg?.[1] === "<b>not bold</b>"),
            JSON.stringify(found),
        );
    });

    await results.test("a transaction is evaluated in both versions and submitted again in vain", async () => {
        const { script } = devnet.seen;
        const [run] = await api.instance(`scripts/${script}/redeemers?count=1`).then((r) => r.body);
        const { cbor } = await api.txsCbor(run.tx_hash);
        const five = await api.utilsTxsEvaluate(cbor);
        // Its inputs are spent by now.
        holds(five.result.EvaluationFailure.UnknownInputs.length > 0, JSON.stringify(five));
        const { inputs } = await api.txsUtxos(run.tx_hash);
        const additional = inputs.map((i) => [
            { txId: i.tx_hash, index: i.output_index },
            {
                address: i.address,
                value: {
                    coins: Number(i.amount[0].quantity),
                    assets: Object.fromEntries(i.amount.slice(1).map((a) => [`${a.unit.slice(0, 56)}.${a.unit.slice(56)}`, Number(a.quantity)])),
                },
                ...(i.inline_datum ? { datum: i.inline_datum } : {}),
            },
        ]);
        const again = await api.utilsTxsEvaluateUtxos(cbor, additional);
        const [budget] = Object.values(again.result.EvaluationResult);
        equal([`${budget.memory}`, `${budget.steps}`], [run.unit_mem, run.unit_steps], "the units");
        const six = await api.instance.post("utils/txs/evaluate/utxos?version=6", { json: { cbor, additionalUtxoSet: additional } }).then((r) => r.body);
        equal([`${six.result[0].budget.memory}`, `${six.result[0].budget.cpu}`], [run.unit_mem, run.unit_steps], "the units");
        const error = await api.txSubmit(cbor).catch((e) => e);
        holds(error.status_code === 400, `${error}`);
    });
}
