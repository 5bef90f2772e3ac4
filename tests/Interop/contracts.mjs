// Lets foreign tools judge our transactions: verdict and units by two evaluators, whole transactions by an emulated ledger, bytes by a serialiser.
//   node contracts.mjs MODULES TRANSACTIONS.jsonl
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { availableParallelism } from "node:os";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

if (isMainThread) {
  const [modules, file] = process.argv.slice(2);
  const workers = Math.min(availableParallelism(), 4);
  const results = await Promise.all(
    Array.from({ length: workers }, (_, part) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { modules, file, part, workers } });
      return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    }),
  );
  const sum = (name) => results.reduce((total, r) => total + r[name], 0);
  const failures = results.flatMap((r) => r.failures);
  for (const failure of failures.slice(0, 20)) console.log(failure);
  if (process.env.VERBOSE) results.forEach((r) => console.log(r.reasons));
  console.log(`interop contracts: ${sum("passed")} passed, ${failures.length} failed, ${sum("skipped")} skipped`);
  process.exit(failures.length === 0 ? 0 : 1);
}

const { modules, file, part, workers } = workerData;
const require = createRequire(join(modules, "here.js"));
const { Scalus, SlotConfig, Emulator } = require("scalus");
const uplc = require("@lucid-evolution/uplc");
const cml = require("@dcspark/cardano-multiplatform-lib-nodejs");

const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
const lines = readFileSync(file, "utf8").trim().split("\n").map((l) => JSON.parse(l));
const setup = lines.shift();
const mine = lines.filter((_, index) => index % workers === part);
const costModelsCbor = bytes(setup.costModelsCbor);

// A script that says no, as opposed to a tool that did not get so far.
const isVerdict = /error|fail|exception|evaluat|missing required datum/i;

const judges = {
  scalus: (t) =>
    Scalus.evalPlutusScripts(bytes(t.transaction), bytes(t.utxoMap), new SlotConfig(...t.slots), setup.costModels)
      .map((r) => [r.index, `${r.budget.memory}`, `${r.budget.steps}`])
      .sort((a, b) => a[0] - b[0]),
  aiken: (t) =>
    uplc
      .eval_phase_two_raw(
        bytes(t.transaction),
        t.utxos.map((u) => bytes(u[0])),
        t.utxos.map((u) => bytes(u[1])),
        costModelsCbor,
        BigInt(setup.steps),
        BigInt(setup.memory),
        BigInt(t.slots[0]),
        BigInt(t.slots[1]),
        t.slots[2],
      )
      .map((r) => {
        const redeemer = cml.LegacyRedeemer.from_cbor_bytes(r);
        const units = redeemer.ex_units();
        return [Number(redeemer.index()), `${units.mem()}`, `${units.steps()}`];
      })
      .sort((a, b) => a[0] - b[0]),
};

let passed = 0;
let skipped = 0;
const failures = [];
const reasons = {};
const check = (holds, what) => (holds ? passed++ : failures.push(what));

for (const t of mine) {
  for (const [judge, evaluate] of Object.entries(judges)) {
    let units = null;
    let why = "";
    try {
      units = evaluate(t);
    } catch (e) {
      why = String(e?.message ?? e);
      const short = `${judge}: ${why.replace(/[0-9a-f]{8,}|\d+/g, "#").slice(0, 70)}`;
      reasons[short] = (reasons[short] ?? 0) + 1;
    }
    const agrees = t.accepted ? JSON.stringify(units) === JSON.stringify(t.units) : units === null && isVerdict.test(why);
    check(agrees, `${judge} on ${t.name}: ours ${JSON.stringify(t.units)}, theirs ${JSON.stringify(units)} ${why.slice(0, 200)}`);
  }

  if (t.whole) {
    if (setup.emulate) {
      const emulator = new Emulator(bytes(t.utxoMap), new SlotConfig(...t.slots));
      emulator.setSlot(t.start + 1);
      const answer = emulator.submitTx(bytes(t.transaction));
      check(answer.isSuccess && answer.txHash === t.id, `emulator on ${t.name}: ${answer.error ?? answer.txHash}`);
    } else {
      skipped++;
    }

    const theirs = cml.Transaction.from_cbor_hex(t.transaction);
    check(theirs.to_cbor_hex() === t.transaction, `bytes of ${t.name} change on the way through`);
    check(cml.hash_transaction(theirs.body()).to_hex() === t.id, `hash of ${t.name}`);
    const prices = cml.ExUnitPrices.new(cml.Rational.new(577n, 10000n), cml.Rational.new(721n, 10000000n));
    const fee = cml.min_fee(theirs, cml.LinearFee.new(44n, 155381n, 15n), prices, 0n);
    check(fee === BigInt(t.fee), `least fee of ${t.name}: ours ${t.fee}, theirs ${fee}`);
  }
}

parentPort.postMessage({ passed, skipped, failures, reasons });
