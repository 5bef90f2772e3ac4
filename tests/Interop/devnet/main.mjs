// Starts a devnet and lets every suite loose on it.
//   node main.mjs MODULES MASUMI.DLL [SUITE...]
import { startDevnet } from "./devnet.mjs";
import { Results } from "./results.mjs";

const [modules, program, ...chosen] = process.argv.slice(2);
const names = ["lucid", "mesh", "blaze", "blockfrost", "schemas", "page"];
const results = new Results();
// Some libraries fail where nobody awaits them.
process.on("unhandledRejection", (e) => results.fail("an unhandled rejection", e));
const devnet = await startDevnet(program);
try {
    for (const name of names.filter((n) => chosen.length === 0 || chosen.includes(n))) {
        const { default: suite } = await import(`./${name}.mjs`);
        results.suite = name;
        try {
            await suite({ devnet, results, modules });
        } catch (e) {
            results.fail("the suite itself", e);
        }
    }
} finally {
    await devnet.stop();
}

results.print();
process.exit(results.failed.length === 0 ? 0 : 1);
