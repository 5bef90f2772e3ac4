// Lucid Evolution: pays, mints, locks at a Plutus V3 script and spends from it, keeps an account.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { equal, holds } from "./results.mjs";
import { accepts, refuses } from "./scripts.mjs";

export default async function lucidSuite({ devnet, results, modules }) {
    const require = createRequire(join(modules, "here.js"));
    const L = await import(pathToFileURL(require.resolve("@lucid-evolution/lucid")));
    const genesis = await devnet.get("/genesis");
    // A network of one's own has its slots configured; the URL is all else that differs from the hosted service.
    L.SLOT_CONFIG_NETWORK.Custom = { zeroTime: genesis.system_start * 1000, zeroSlot: 0, slotLength: genesis.slot_length * 1000 };
    const lucid = await L.Lucid(new L.Blockfrost(devnet.url, "devnet"), "Custom");
    const seed = L.generateSeedPhrase();
    lucid.selectWallet.fromSeed(seed);
    const address = await lucid.wallet().address();
    const stake = await lucid.wallet().rewardAddress();
    const friend = L.walletFromSeed(L.generateSeedPhrase(), { network: "Custom" }).address;
    for (let i = 0; i < 3; i++) await devnet.fund(address, 500);

    const send = async (draft, options) => {
        const unsigned = await draft.complete(options);
        const signed = await unsigned.sign.withWallet().complete();
        const hash = await signed.submit();
        return devnet.confirmed(hash);
    };
    const ada = (n) => ({ lovelace: BigInt(n) * 1_000_000n });
    const unit = {};

    await results.test("a wallet sees what it was given", async () => {
        const utxos = await lucid.wallet().getUtxos();
        equal(utxos.length, 3, "outputs");
        equal(`${utxos[0].assets.lovelace}`, "500000000", "lovelace");
    });

    await results.test("a payment arrives", async () => {
        const hash = await send(lucid.newTx().pay.ToAddress(friend, ada(7)));
        const utxos = await lucid.utxosAt(friend);
        equal(
            utxos.map((u) => [u.txHash, `${u.assets.lovelace}`]),
            [[hash, "7000000"]],
        );
    });

    await results.test("outputs are found by payment credential", async () => {
        const utxos = await lucid.utxosAt(L.paymentCredentialOf(friend));
        equal(
            utxos.map((u) => u.address),
            [friend],
        );
    });

    await results.test("a native policy mints, with metadata", async () => {
        const policy = L.scriptFromNative({ type: "all", scripts: [{ type: "sig", keyHash: L.paymentCredentialOf(address).hash }] });
        const id = L.mintingPolicyToId(policy);
        unit.native = id + L.fromText("Picture");
        const hash = await send(
            lucid
                .newTx()
                .mintAssets({ [unit.native]: 3n })
                .attach.MintingPolicy(policy)
                .attachMetadata(721, { [id]: { Picture: { name: "Picture", image: "ipfs://picture" } } })
                .attachMetadata(674, { msg: ["minted in a test", "<b>not bold</b>"] }),
        );
        const asset = await devnet.get(`/assets/${unit.native}`);
        equal([asset.quantity, asset.onchain_metadata?.image, asset.initial_mint_tx_hash], ["3", "ipfs://picture", hash]);
    });

    const script = { type: "PlutusV3", script: L.applyDoubleCborEncoding(accepts) };
    const policyId = L.mintingPolicyToId(script);
    for (const localUPLCEval of [true, false]) {
        const where = localUPLCEval ? "units computed by the wallet" : "units computed by the devnet";
        await results.test(`a Plutus V3 policy mints (${where})`, async () => {
            unit.plutus = policyId + L.fromText("Token");
            await send(
                lucid
                    .newTx()
                    .mintAssets({ [unit.plutus]: 5n }, L.Data.void())
                    .attach.MintingPolicy(script),
                { localUPLCEval },
            );
            const utxo = (await lucid.utxosAtWithUnit(address, unit.plutus))[0];
            holds(utxo.assets[unit.plutus] >= 5n, "the wallet has the tokens");
        });

        await results.test(`a Plutus V3 script is locked at and spent (${where})`, async () => {
            const at = L.validatorToAddress("Custom", script);
            const datum = L.Data.to(new L.Constr(0, [42n, L.fromText("hello")]));
            const locked = await send(lucid.newTx().pay.ToContract(at, { kind: "inline", value: datum }, ada(20)));
            const utxos = (await lucid.utxosAt(at)).filter((u) => u.txHash === locked);
            equal(
                utxos.map((u) => u.datum),
                [datum],
            );
            const spent = await send(
                lucid
                    .newTx()
                    .collectFrom(utxos, L.Data.to(new L.Constr(1, [])))
                    .attach.SpendingValidator(script)
                    .validTo(Date.now() + 600_000),
                { localUPLCEval },
            );
            const redeemers = await devnet.get(`/txs/${spent}/redeemers`);
            equal([redeemers.length, redeemers[0].purpose], [1, "spend"]);
            equal((await lucid.utxosAt(at)).length, 0, "outputs left");
        });
    }

    await results.test("a script is published once and referred to", async () => {
        const at = L.validatorToAddress("Custom", script);
        const published = await send(lucid.newTx().pay.ToAddressWithData(friend, undefined, ada(15), script));
        const [reference] = (await lucid.utxosAt(friend)).filter((u) => u.txHash === published);
        equal(reference.scriptRef.type, "PlutusV3");
        const hash = L.datumToHash(L.Data.to(7n));
        const locked = await send(lucid.newTx().pay.ToContract(at, { kind: "asHash", value: L.Data.to(7n) }, ada(5)));
        const utxos = (await lucid.utxosAt(at)).filter((u) => u.txHash === locked);
        equal(utxos[0].datumHash, hash);
        equal(await lucid.config().provider.getDatum(hash), L.Data.to(7n), "datum by hash");
        await send(lucid.newTx().collectFrom(utxos, L.Data.void()).readFrom([reference]), { localUPLCEval: false });
    });

    await results.test("tokens are burned", async () => {
        await send(
            lucid
                .newTx()
                .mintAssets({ [unit.plutus]: -2n }, L.Data.void())
                .attach.MintingPolicy(script),
        );
        const history = await devnet.get(`/assets/${unit.plutus}/history`);
        equal(
            history.map((h) => [h.action, h.amount]),
            [
                ["minted", "5"],
                ["minted", "5"],
                ["burned", "-2"],
            ],
        );
    });

    await results.test("a script that refuses is reported by the evaluation", async () => {
        const no = { type: "PlutusV3", script: L.applyDoubleCborEncoding(refuses) };
        const at = L.validatorToAddress("Custom", no);
        const locked = await send(lucid.newTx().pay.ToContract(at, { kind: "inline", value: L.Data.void() }, ada(5)));
        const utxos = (await lucid.utxosAt(at)).filter((u) => u.txHash === locked);
        let problem = "";
        await lucid
            .newTx()
            .collectFrom(utxos, L.Data.void())
            .attach.SpendingValidator(no)
            .complete({ localUPLCEval: false })
            .catch((e) => (problem = String(e)));
        holds(/ScriptFailures/.test(problem), `says so: ${problem}`);
    });

    await results.test("a second submission is refused in the node's words", async () => {
        const signed = await (await lucid.newTx().pay.ToAddress(friend, ada(2)).complete()).sign.withWallet().complete();
        await devnet.confirmed(await signed.submit());
        let problem = "";
        await signed.submit().catch((e) => (problem = String(e)));
        holds(/All inputs are spent|BadInputsUTxO/.test(problem), problem);
    });

    await results.test("the wallet goes on from its own unconfirmed change", async () => {
        const [wallet, outputs, first] = await lucid.newTx().pay.ToAddress(friend, ada(3)).chain();
        lucid.overrideUTxOs(wallet);
        const next = await lucid.newTx().pay.ToAddress(friend, ada(4)).complete();
        // The wallet signs for outputs it can look up; these two are not on chain yet.
        const { paymentKey } = L.walletFromSeed(seed, { network: "Custom" });
        const sent = [];
        for (const draft of [first, next]) sent.push(await (await draft.sign.withPrivateKey(paymentKey).complete()).submit());
        for (const hash of sent) await devnet.confirmed(hash);
        lucid.selectWallet.fromSeed(seed);
        holds(outputs.length > 0, "outputs");
    });

    let registration;
    await results.test("an account is registered, its vote delegated, withdrawn from, and closed", async () => {
        registration = await send(lucid.newTx().register.Stake(stake));
        equal((await devnet.get(`/txs/${registration}`)).deposit, "2000000", "deposit");
        equal((await devnet.get(`/accounts/${stake}`)).registered, true);
        await send(lucid.newTx().delegate.VoteToDRep(stake, { __typename: "AlwaysAbstain" }));
        equal((await devnet.get(`/accounts/${stake}`)).drep_id, "drep_always_abstain");
        const withdrawal = await send(lucid.newTx().withdraw(stake, 0n));
        equal(await devnet.get(`/txs/${withdrawal}/withdrawals`), [{ address: stake, amount: "0" }]);
        const end = await send(lucid.newTx().deregister.Stake(stake));
        equal((await devnet.get(`/txs/${end}`)).deposit, "-2000000", "refund");
        equal(
            (await devnet.get(`/accounts/${stake}/registrations`)).map((r) => r.action),
            ["registered", "deregistered"],
        );
        equal((await devnet.get(`/accounts/${stake}/withdrawals`)).length, 1, "withdrawals");
    });

    // For the suites that follow.
    devnet.seen = { address, friend, stake, unit, policyId, registration, script: L.validatorToScriptHash(script) };
}
