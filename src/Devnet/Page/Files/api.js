// The public API of the devnet, as any client sees it.

export class ApiError extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}

// Integers beyond 2^53 would lose digits as numbers: they stay text.
function parse(text) {
    return JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|(-?\d{16,})(?=[\s,\]}])/g, (all, string, number) => string ?? `"${number}"`));
}

async function ask(path, options) {
    const response = await fetch(path, options);
    const body = parse(await response.text());
    if (!response.ok) throw new ApiError(response.status, body?.message ?? `status ${response.status}`);
    return body;
}

export const get = (path) => ask(`/api/v0/${path}`);
export const control = (path, body = {}) =>
    ask(`/devnet/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

// Null when it is not there.
export async function find(path) {
    try {
        return await get(path);
    } catch (e) {
        if (e instanceof ApiError && (e.status === 404 || e.status === 400)) return null;
        throw e;
    }
}
