// Blaze: its transaction builder over its Blockfrost provider, which lets the devnet compute the units.
import { createRequire } from "node:module";
import { join } from "node:path";
import { equal, holds } from "./results.mjs";
import { accepts } from "./scripts.mjs";

export default async function blazeSuite({ devnet, results, modules }) {
  const require = createRequire(join(modules, "here.js"));
  const { Blaze, Blockfrost, Core, HotWallet, makeValue } = require("@blaze-cardano/sdk");
  const provider = new Blockfrost({ network: "cardano-preview", projectId: "devnet" });
  // It has no option for a URL of one's own, only this field.
  provider.url = `${devnet.url}/`;
  const newWallet = async () => {
    const entropy = Core.mnemonicToEntropy(Core.generateMnemonic(Core.wordlist), Core.wordlist);
    return HotWallet.fromMasterkey(Core.Bip32PrivateKey.fromBip39Entropy(Buffer.from(entropy), "").hex(), provider);
  };
  const wallet = await newWallet();
  const address = wallet.address.toBech32();
  for (let i = 0; i < 3; i++) await devnet.fund(address, 200);
  const blaze = await Blaze.from(provider, wallet);
  const send = async (draft) => {
    const signed = await blaze.signTransaction(await draft.complete());
    return devnet.confirmed(await provider.postTransactionToChain(signed));
  };
  const script = Core.Script.newPlutusV3Script(new Core.PlutusV3Script(accepts));
  const nothing = Core.PlutusData.fromCbor("d87980");

  await results.test("a payment arrives", async () => {
    const friend = (await newWallet()).address;
    const hash = await send(blaze.newTransaction().payLovelace(friend, 4_000_000n));
    const [utxo] = await provider.getUnspentOutputs(friend);
    equal([utxo.input().transactionId(), `${utxo.output().amount().coin()}`], [hash, "4000000"]);
  });

  await results.test("a Plutus V3 policy mints", async () => {
    const name = Buffer.from("Blaze").toString("hex");
    await send(blaze.newTransaction().addMint(Core.PolicyId(script.hash()), new Map([[Core.AssetName(name), 6n]]), nothing).provideScript(script));
    equal((await devnet.get(`/addresses/${address}/utxos/${script.hash()}${name}`)).length, 1, "outputs with the asset");
  });

  await results.test("a Plutus V3 script is locked at and spent", async () => {
    const at = Core.addressFromValidator(Core.NetworkId.Testnet, script);
    const locked = await send(blaze.newTransaction().lockAssets(at, makeValue(9_000_000n), Core.PlutusData.newInteger(5n)));
    const [utxo] = await provider.resolveUnspentOutputs([new Core.TransactionInput(Core.TransactionId(locked), 0n)]);
    const spent = await send(blaze.newTransaction().addInput(utxo, nothing).provideScript(script));
    const [redeemer] = await devnet.get(`/txs/${spent}/redeemers`);
    equal([redeemer.purpose, redeemer.script_hash], ["spend", script.hash()]);
    holds(Number(redeemer.unit_mem) > 0, "units");
  });
}
