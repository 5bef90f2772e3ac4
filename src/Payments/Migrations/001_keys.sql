-- API keys are looked up by keyed hash; the key itself is shown once, when it is made.
CREATE TABLE api_key (
    id            TEXT PRIMARY KEY,
    token_hash    TEXT NOT NULL UNIQUE,
    token_mask    TEXT NOT NULL,
    can_read      BIGINT NOT NULL,
    can_pay       BIGINT NOT NULL,
    can_admin     BIGINT NOT NULL,
    usage_limited BIGINT NOT NULL,
    networks      TEXT NOT NULL,
    chain_ids     TEXT NOT NULL,
    status        TEXT NOT NULL,
    -- 1: the wallets of api_key_wallet only.
    has_scope     BIGINT NOT NULL,
    -- What it may move beyond prices: lovelace in deposits at one time, and of fees in a day.
    open_lovelace BIGINT NOT NULL,
    fees_per_day  BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    deleted_at    BIGINT
);

-- What a usage-limited key may still spend. The empty unit is lovelace.
CREATE TABLE api_key_credit (
    key_id TEXT NOT NULL REFERENCES api_key (id),
    unit   TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (key_id, unit)
);

-- The hot wallets a key is meant for, which are the settlement's.
CREATE TABLE api_key_wallet (
    key_id    TEXT NOT NULL REFERENCES api_key (id),
    wallet_id TEXT NOT NULL,
    PRIMARY KEY (key_id, wallet_id)
);
