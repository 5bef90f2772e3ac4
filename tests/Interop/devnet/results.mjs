// Counts what held.
export class Results {
    passed = 0;
    failed = [];
    skipped = [];
    suite = "";

    async test(what, body) {
        try {
            await body();
            this.passed++;
            if (process.env.VERBOSE) console.log(`${this.suite}: ${what}`);
            return true;
        } catch (e) {
            this.fail(what, e);
            return false;
        }
    }

    check(holds, what, detail = "") {
        if (holds) this.passed++;
        else this.fail(what, detail);
    }

    fail(what, e) {
        this.failed.push(`${this.suite}: ${what}: ${String(e?.stack ?? e?.message ?? e).slice(0, 1200)}`);
    }

    skip(what, why) {
        this.skipped.push(`${this.suite}: ${what} skipped: ${why}`);
    }

    print() {
        for (const line of [...this.failed.slice(0, 40), ...this.skipped]) console.log(line);
        console.log(`interop devnet: ${this.passed} passed, ${this.failed.length} failed, ${this.skipped.length} skipped`);
    }
}

export function equal(actual, expected, what = "value") {
    const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (a !== e) throw new Error(`${what}: got ${a}, expected ${e}`);
}

export function holds(condition, what) {
    if (!condition) throw new Error(what);
}
