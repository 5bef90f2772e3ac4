// Transactions in lists.
import { find } from "./api.js";
import { ada, badge, el, link, lovelaceOf, table, txLink } from "./elements.js";

// What a transaction is, and how much it gave to others: outputs to addresses that it spends nothing from.
export async function rows(hashes) {
    const found = await Promise.all(hashes.map(async (hash) => [await find(`txs/${hash}`), await find(`txs/${hash}/utxos`)]));
    return found
        .filter(([transaction, utxos]) => transaction && utxos)
        .map(([transaction, { inputs, outputs }]) => {
            const own = new Set(inputs.filter((i) => !i.reference && !i.collateral).map((i) => i.address));
            const sent = outputs.filter((o) => !o.collateral && !own.has(o.address)).reduce((sum, o) => sum + BigInt(lovelaceOf(o.amount)), 0n);
            return { ...transaction, sent: String(sent) };
        });
}

export function transactionTable(transactions) {
    return table(
        ["Transaction", "", { text: "Block", right: true }, { text: "Sent", right: true }],
        transactions.map((t) => [
            txLink(t.hash),
            [
                !t.valid_contract && badge("script failed", "bad"),
                t.redeemer_count > 0 && badge(t.redeemer_count === 1 ? "1 script" : `${t.redeemer_count} scripts`),
                t.asset_mint_or_burn_count > 0 && badge("mint"),
                t.stake_cert_count + t.delegation_count > 0 && badge("certificate"),
                t.withdrawal_count > 0 && badge("withdrawal"),
            ],
            link(String(t.block_height), "block", t.block),
            t.sent === "0" ? el("span", { class: "soft" }, "to itself") : ada(t.sent),
        ]),
    );
}
