-- Everything the engine knows. Amounts are decimal text in JSON or BIGINT lovelace; times are unix milliseconds; hashes, outpoints and
-- transactions are lowercase hex. What the chain says (escrow_event) is kept apart from what the parties agreed (deal) and from what this
-- node wants (deal.intent, attempt): a rollback deletes events and the deals are projected again.

CREATE TABLE payment_source (
    id                 TEXT PRIMARY KEY,
    network            TEXT NOT NULL,
    family             TEXT NOT NULL,
    contract_address   TEXT NOT NULL,
    policy_id          TEXT NOT NULL,
    required_admins    BIGINT NOT NULL,
    admins             TEXT NOT NULL,
    cooldown_ms        BIGINT NOT NULL,
    created_at         BIGINT NOT NULL,
    disabled_at        BIGINT,
    UNIQUE (network, contract_address)
);

CREATE TABLE hot_wallet (
    id                 TEXT PRIMARY KEY,
    source_id          TEXT NOT NULL REFERENCES payment_source (id),
    role               TEXT NOT NULL,
    vkey               TEXT NOT NULL,
    address            TEXT NOT NULL,
    collection_address TEXT,
    note               TEXT,
    sealed_mnemonic    TEXT NOT NULL,
    created_at         BIGINT NOT NULL,
    deleted_at         BIGINT
);
CREATE UNIQUE INDEX hot_wallet_active_key ON hot_wallet (source_id, vkey, role) WHERE deleted_at IS NULL;

CREATE TABLE deal (
    id                     TEXT PRIMARY KEY,
    side                   TEXT NOT NULL,
    source_id              TEXT NOT NULL REFERENCES payment_source (id),
    identifier             TEXT NOT NULL,
    agent_identifier       TEXT NOT NULL,
    agent_name             TEXT,
    pricing                TEXT NOT NULL,
    funds                  TEXT NOT NULL,
    input_hash             TEXT NOT NULL,
    pay_by_ms              BIGINT NOT NULL,
    submit_result_ms       BIGINT NOT NULL,
    unlock_ms              BIGINT NOT NULL,
    dispute_unlock_ms      BIGINT NOT NULL,
    seller_address         TEXT NOT NULL,
    seller_vkey            TEXT NOT NULL,
    seller_return_address  TEXT,
    buyer_return_address   TEXT,
    wallet_id              TEXT REFERENCES hot_wallet (id),
    allowed_wallets        TEXT,
    lock_collateral        BIGINT,
    metadata               TEXT,
    requested_by           TEXT,
    created_at             BIGINT NOT NULL,
    -- what this node wants next, and what stands in its way
    intent                   TEXT NOT NULL,
    intent_result_hash       TEXT,
    needs_manual           BIGINT NOT NULL DEFAULT 0,
    error_type             TEXT,
    error_note             TEXT,
    -- the projection: always recomputable from escrow_event
    state                  TEXT,
    result_hash            TEXT,
    buyer_address          TEXT,
    lock_return_address    TEXT,
    collateral_return      BIGINT,
    seller_cooldown_ms     BIGINT NOT NULL DEFAULT 0,
    buyer_cooldown_ms      BIGINT NOT NULL DEFAULT 0,
    escrow_ref             TEXT,
    current_tx             TEXT,
    buyer_fees             BIGINT NOT NULL DEFAULT 0,
    seller_fees            BIGINT NOT NULL DEFAULT 0,
    refusal                TEXT,
    -- change stamps that drive the diff endpoints
    updated_at             BIGINT NOT NULL,
    next_action_changed_at BIGINT NOT NULL,
    state_changed_at       BIGINT NOT NULL,
    UNIQUE (side, source_id, identifier)
);
CREATE INDEX deal_intent ON deal (intent, source_id);
CREATE INDEX deal_created ON deal (side, created_at, id);
CREATE INDEX deal_identifier ON deal (identifier);

-- What happened to escrows on chain, in chain order; the only input of the projection besides the terms.
CREATE TABLE escrow_event (
    source_id      TEXT NOT NULL REFERENCES payment_source (id),
    height         BIGINT NOT NULL,
    tx_index       BIGINT NOT NULL,
    ordinal        BIGINT NOT NULL,
    tx_id          TEXT NOT NULL,
    slot           BIGINT NOT NULL,
    time_ms        BIGINT NOT NULL,
    identifier     TEXT NOT NULL,
    kind           TEXT NOT NULL,
    spent_ref      TEXT,
    new_ref        TEXT,
    new_output     TEXT,
    paid_by_buyer  BIGINT NOT NULL,
    fee            BIGINT NOT NULL,
    PRIMARY KEY (source_id, tx_id, ordinal)
);
CREATE INDEX escrow_event_identifier ON escrow_event (source_id, identifier, height, tx_index, ordinal);
CREATE INDEX escrow_event_height ON escrow_event (source_id, height);

-- Unspent and spent outputs at the followed addresses, so that inputs are resolved without asking the provider.
CREATE TABLE escrow_output (
    source_id  TEXT NOT NULL REFERENCES payment_source (id),
    ref        TEXT NOT NULL,
    output     TEXT NOT NULL,
    height     BIGINT NOT NULL,
    PRIMARY KEY (source_id, ref)
);
CREATE INDEX escrow_output_height ON escrow_output (source_id, height);

-- Points of the chain this node has processed, per followed source; enough to find the fork after a rollback.
CREATE TABLE chain_point (
    source_id TEXT NOT NULL REFERENCES payment_source (id),
    height    BIGINT NOT NULL,
    hash      TEXT NOT NULL,
    slot      BIGINT NOT NULL,
    time_ms   BIGINT NOT NULL,
    PRIMARY KEY (source_id, height)
);

-- The attempt log: a signed transaction stands here before it is submitted, and until the chain has decided about it.
CREATE TABLE attempt (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    source_id   TEXT NOT NULL REFERENCES payment_source (id),
    wallet_id   TEXT NOT NULL REFERENCES hot_wallet (id),
    tx_id       TEXT NOT NULL UNIQUE,
    tx_cbor     TEXT NOT NULL,
    upper_slot  BIGINT NOT NULL,
    state       TEXT NOT NULL,
    note        TEXT,
    fee         BIGINT NOT NULL,
    height      BIGINT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX attempt_state ON attempt (state);

-- No two live transactions may spend the same output ...
CREATE TABLE attempt_input (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    ref       TEXT NOT NULL,
    live      BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, ref)
);
CREATE UNIQUE INDEX attempt_input_live ON attempt_input (ref) WHERE live = 1;

-- ... or act for the same deal or registration.
CREATE TABLE attempt_subject (
    attempt_id  TEXT NOT NULL REFERENCES attempt (id),
    subject_id TEXT NOT NULL,
    action     TEXT NOT NULL,
    live       BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, subject_id)
);
CREATE UNIQUE INDEX attempt_subject_live ON attempt_subject (subject_id) WHERE live = 1;
CREATE INDEX attempt_subject_subject ON attempt_subject (subject_id);

CREATE TABLE registration (
    id                TEXT PRIMARY KEY,
    source_id         TEXT NOT NULL REFERENCES payment_source (id),
    wallet_id         TEXT NOT NULL REFERENCES hot_wallet (id),
    recipient_id      TEXT REFERENCES hot_wallet (id),
    state             TEXT NOT NULL,
    error             TEXT,
    agent_identifier  TEXT UNIQUE,
    name              TEXT NOT NULL,
    entry             TEXT NOT NULL,
    funding           BIGINT,
    requested_by      TEXT,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    state_changed_at  BIGINT NOT NULL
);
CREATE INDEX registration_state ON registration (state);

-- Every change of a deal's next action, for the history the API shows.
CREATE TABLE action_history (
    deal_id     TEXT NOT NULL REFERENCES deal (id),
    seq         BIGINT NOT NULL,
    action      TEXT NOT NULL,
    result_hash TEXT,
    tx_id       TEXT,
    error_type  TEXT,
    error_note  TEXT,
    at          BIGINT NOT NULL,
    PRIMARY KEY (deal_id, seq)
);

-- One row per change of anything outside readers follow, written in the transaction of the change.
CREATE TABLE outbox (
    seq       BIGINT PRIMARY KEY,
    entity    TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    kind      TEXT NOT NULL,
    payload   TEXT NOT NULL,
    at        BIGINT NOT NULL
);
