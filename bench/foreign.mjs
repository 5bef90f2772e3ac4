// Runs the foreign evaluators for the benchmark: one JSON request per line on standard input, one JSON answer per line on standard output.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const modules = process.argv[2];
const require = createRequire(join(modules, "here.js"));
const { Scalus, SlotConfig } = require("scalus");
const uplc = require("@lucid-evolution/uplc");
const version = (name) => JSON.parse(readFileSync(join(modules, "node_modules", name, "package.json"), "utf8")).version;

const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
const workloads = [];
let setup;

const evaluators = {
  scalus: (w) =>
    Scalus.evalPlutusScripts(w.transaction, w.utxoMap, w.slotConfig, setup.costModels).map((r) => [r.tag, r.index, `${r.budget.memory}`, `${r.budget.steps}`]),
  aiken: (w) =>
    uplc
      .eval_phase_two_raw(w.transaction, w.inputs, w.outputs, setup.costModelsCbor, setup.steps, setup.memory, w.zeroTime, w.zeroSlot, w.slotLength)
      .map((r) => Buffer.from(r).toString("hex")),
};

// Repeats until the time is up; a single run may take longer than that.
const repeat = (milliseconds, run) => {
  const start = process.hrtime.bigint();
  const end = start + BigInt(milliseconds) * 1000000n;
  let runs = 0;
  do {
    run();
    runs++;
  } while (process.hrtime.bigint() < end);
  return { runs, seconds: Number(process.hrtime.bigint() - start) / 1e9 };
};

const commands = {
  setup: (q) => {
    setup = { costModels: q.costModels, costModelsCbor: bytes(q.costModelsCbor), steps: BigInt(q.steps), memory: BigInt(q.memory) };
    return { scalus: version("scalus"), aiken: version("@lucid-evolution/uplc"), node: process.version };
  },
  load: (q) => {
    const [zeroTime, zeroSlot, slotLength] = q.slots;
    workloads.push({
      transaction: bytes(q.transaction),
      utxoMap: bytes(q.utxoMap),
      inputs: q.utxos.map((u) => bytes(u[0])),
      outputs: q.utxos.map((u) => bytes(u[1])),
      slotConfig: new SlotConfig(zeroTime, zeroSlot, slotLength),
      zeroTime: BigInt(zeroTime),
      zeroSlot: BigInt(zeroSlot),
      slotLength,
    });
    return {};
  },
  units: (q) => ({ units: evaluators[q.evaluator](workloads[q.workload]) }),
  run: (q) => repeat(q.milliseconds, () => evaluators[q.evaluator](workloads[q.workload])),
  script: (q) => {
    const result = Scalus.evaluateScript(q.script);
    if (!result.isSuccess) return { error: "not successful" };
    const timed = q.milliseconds ? repeat(q.milliseconds, () => Scalus.evaluateScript(q.script)) : {};
    return { memory: `${result.budget.memory}`, steps: `${result.budget.steps}`, ...timed };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = commands[request.command](request);
  } catch (e) {
    answer = { error: String(e?.message ?? e).slice(0, 300) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
