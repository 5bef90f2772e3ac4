// A devnet as its own process, and the few things only a devnet can do.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function startDevnet(program) {
    const child = spawn("dotnet", ["exec", program, "devnet", "--port", "0", "--block-time", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((done) => child.once("exit", done));
    const root = await new Promise((found, failed) => {
        createInterface({ input: child.stdout }).on("line", (line) => {
            const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
            if (url) found(url[0]);
        });
        ended.then((code) => failed(new Error(`the devnet ended with ${code}`)));
        setTimeout(() => failed(new Error("the devnet did not say where it is")), 20_000).unref();
    });
    return new Devnet(root, child, ended);
}

class Devnet {
    constructor(root, child, ended) {
        Object.assign(this, { root, url: `${root}/api/v0`, child, ended });
    }

    async get(path) {
        return (await this.answer(path)).body;
    }

    async answer(path, options) {
        const response = await fetch(`${this.url}${path}`, options);
        return { status: response.status, body: await response.json() };
    }

    control(path, body) {
        return this.answer(`/devnet/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) });
    }

    async fund(address, ada, assets) {
        const { status, body } = await this.control("fund", { address, lovelace: String(ada * 1_000_000), assets });
        if (status !== 200) throw new Error(`funding: ${JSON.stringify(body)}`);
        await this.confirmed(body.tx_hash);
        return body;
    }

    async confirmed(hash) {
        for (let i = 0; i < 200; i++) {
            if ((await this.answer(`/txs/${hash}`)).status === 200) return hash;
            await sleep(50);
        }
        throw new Error(`${hash} is in no block after ten seconds`);
    }

    async stop() {
        this.child.kill("SIGTERM");
        await Promise.race([this.ended, sleep(3000)]);
        this.child.kill("SIGKILL");
    }
}
