// Mesh: its transaction builder and wallet over its Blockfrost provider.
import { createRequire } from "node:module";
import { join } from "node:path";
import { equal, holds } from "./results.mjs";
import { accepts, refuses } from "./scripts.mjs";

export default async function meshSuite({ devnet, results, modules }) {
    const require = createRequire(join(modules, "here.js"));
    const mesh = require("@meshsdk/core");
    const provider = new mesh.BlockfrostProvider(devnet.url);
    const wallet = new mesh.MeshWallet({
        networkId: 0,
        fetcher: provider,
        submitter: provider,
        key: { type: "mnemonic", words: mesh.MeshWallet.brew() },
    });
    await wallet.init?.();
    const address = await wallet.getChangeAddress();
    for (let i = 0; i < 3; i++) await devnet.fund(address, 300);

    const parameters = await provider.fetchProtocolParameters();
    const costModels = await provider.fetchCostModels();
    const builder = () => {
        const b = new mesh.MeshTxBuilder({ fetcher: provider, submitter: provider, evaluator: provider, params: parameters });
        b.setNetwork(costModels);
        return b;
    };
    const send = async (b) => {
        const unsigned = await b
            .changeAddress(address)
            .selectUtxosFrom(await wallet.getUtxos())
            .complete();
        const hash = await wallet.submitTx(await wallet.signTx(unsigned, true));
        return devnet.confirmed(hash);
    };
    const collateral = async (b) => {
        const utxo = (await provider.fetchAddressUTxOs(address)).find((u) => u.output.amount.length === 1);
        return b.txInCollateral(utxo.input.txHash, utxo.input.outputIndex, utxo.output.amount, utxo.output.address);
    };
    const script = mesh.applyCborEncoding(accepts);
    const at = mesh.serializePlutusScript({ code: script, version: "V3" }, undefined, 0).address;
    const policy = mesh.resolveScriptHash(script, "V3");

    await results.test("a wallet sees what it was given", async () => {
        equal((await wallet.getBalance())[0], { unit: "lovelace", quantity: "900000000" });
    });

    await results.test("a payment arrives", async () => {
        const other = new mesh.MeshWallet({ networkId: 0, key: { type: "mnemonic", words: mesh.MeshWallet.brew() } });
        await other.init?.();
        const friend = await other.getChangeAddress();
        const hash = await send(builder().txOut(friend, [{ unit: "lovelace", quantity: "4000000" }]));
        const [utxo] = await provider.fetchAddressUTxOs(friend);
        equal([utxo.input.txHash, utxo.output.amount[0].quantity], [hash, "4000000"]);
        equal((await provider.fetchTxInfo(hash)).hash, hash);
    });

    await results.test("a Plutus V3 policy mints", async () => {
        const name = mesh.stringToHex("Mesh");
        await send(await collateral(builder().mintPlutusScriptV3().mint("9", policy, name).mintingScript(script).mintRedeemerValue([])));
        equal((await devnet.get(`/assets/${policy}${name}`)).quantity, "9");
        holds(
            (await provider.fetchAssetAddresses(policy + name)).some((a) => a.address === address),
            "the wallet holds them",
        );
    });

    await results.test("a Plutus V3 script is locked at and spent", async () => {
        const locked = await send(
            builder()
                .txOut(at, [{ unit: "lovelace", quantity: "6000000" }])
                .txOutInlineDatumValue(mesh.mConStr0([5])),
        );
        const [utxo] = await provider.fetchUTxOs(locked, 0);
        const spent = await send(
            await collateral(
                builder()
                    .spendingPlutusScriptV3()
                    .txIn(utxo.input.txHash, utxo.input.outputIndex, utxo.output.amount, utxo.output.address)
                    .txInScript(script)
                    .txInInlineDatumPresent()
                    .txInRedeemerValue(mesh.mConStr0([])),
            ),
        );
        const redeemers = await devnet.get(`/txs/${spent}/redeemers`);
        equal([redeemers[0].purpose, redeemers[0].script_hash], ["spend", policy]);
    });

    await results.test("a transaction that admits its script fails costs its collateral, and nothing else of it happens", async () => {
        const no = mesh.applyCborEncoding(refuses);
        const there = mesh.serializePlutusScript({ code: no, version: "V3" }, undefined, 0).address;
        const locked = await send(
            builder()
                .txOut(there, [{ unit: "lovelace", quantity: "6000000" }])
                .txOutInlineDatumValue(mesh.mConStr0([])),
        );
        const [utxo] = await provider.fetchUTxOs(locked, 0);
        const b = new mesh.MeshTxBuilder({ fetcher: provider, params: parameters });
        b.setNetwork(costModels);
        const unsigned = await (
            await collateral(
                b
                    .spendingPlutusScriptV3()
                    .txIn(utxo.input.txHash, utxo.input.outputIndex, utxo.output.amount, utxo.output.address)
                    .txInScript(no)
                    .txInInlineDatumPresent()
                    .txInRedeemerValue(mesh.mConStr0([]), "Mesh", { mem: 2000, steps: 600000 }),
            )
        )
            .changeAddress(address)
            .selectUtxosFrom(await wallet.getUtxos())
            .complete();
        // The flag is not part of what is signed.
        const signed = (await wallet.signTx(unsigned, true)).replace(/f5(f6|d90103a0)$/, "f4$1");
        const hash = await devnet.confirmed(await wallet.submitTx(signed));
        const transaction = await devnet.get(`/txs/${hash}`);
        equal(transaction.valid_contract, false);
        equal((await provider.fetchUTxOs(locked, 0)).length, 1, "what was locked");
        const { outputs } = await devnet.get(`/txs/${hash}/utxos`);
        holds(
            outputs.every((o) => o.collateral),
            "only the collateral's change is made",
        );
        devnet.failed = hash;
    });
}
