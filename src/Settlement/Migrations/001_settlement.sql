-- Everything the engine knows. Amounts are decimal text in JSON or BIGINT lovelace; times are unix milliseconds; hashes, outpoints (transaction and two bytes of
-- index), addresses of deals, transactions and outputs are bytes. A deal's identifier has some 500 bytes: it stands in one row, and everything that looks it up
-- knows its SHA-256. What the chain says (escrow_step) is kept apart from what the parties agreed and wished (deal) and from what this node
-- signed (attempt): a rollback deletes steps and the deals are projected again.

CREATE TABLE payment_source (
    id                 TEXT PRIMARY KEY,
    network            TEXT NOT NULL,
    family             TEXT NOT NULL,
    contract_address   TEXT NOT NULL,
    policy_id          TEXT NOT NULL,
    required_admins    BIGINT NOT NULL,
    admins             TEXT NOT NULL,
    cooldown_ms        BIGINT NOT NULL,
    -- V1: who receives the protocol fee, in thousandths of every asset
    fee_address        TEXT,
    fee_permille       BIGINT NOT NULL DEFAULT 0,
    -- the height up to which the contract's list was looked at a second time
    covered_height     BIGINT NOT NULL DEFAULT -1,
    created_at         BIGINT NOT NULL,
    disabled_at        BIGINT,
    -- hidden; followed for as long as anything of it is open
    removed_at         BIGINT,
    -- a provider's key that its owner left here; sealed
    provider_key       TEXT,
    -- kept for whoever set it
    last_identifier    TEXT,
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
    -- the height up to which its address's history was looked at; null: never
    covered_height     BIGINT,
    created_at         BIGINT NOT NULL,
    deleted_at         BIGINT
);
CREATE UNIQUE INDEX hot_wallet_active_key ON hot_wallet (source_id, vkey, role) WHERE deleted_at IS NULL;

CREATE TABLE deal (
    id                     TEXT PRIMARY KEY,
    side                   TEXT NOT NULL,
    source_id              TEXT NOT NULL REFERENCES payment_source (id),
    family                 TEXT NOT NULL,
    identifier_hash        BYTEA NOT NULL,
    identifier             BYTEA NOT NULL,
    agent_identifier       TEXT NOT NULL,
    agent_name             TEXT,
    pricing                TEXT NOT NULL,
    funds                  TEXT NOT NULL,
    input_hash             BYTEA NOT NULL,
    pay_by_ms              BIGINT NOT NULL,
    submit_result_ms       BIGINT NOT NULL,
    unlock_ms              BIGINT NOT NULL,
    dispute_unlock_ms      BIGINT NOT NULL,
    seller_address         BYTEA NOT NULL,
    seller_return_address  BYTEA,
    buyer_return_address   BYTEA,
    wallet_id              TEXT REFERENCES hot_wallet (id),
    allowed_wallets        TEXT,
    metadata               TEXT,
    requested_by           TEXT,
    -- where the owner insists on, and for a purchase what the seller signed
    force_layer            TEXT,
    payment_force_layer    TEXT,
    created_at             BIGINT NOT NULL,
    -- what its owner decided
    refund_wish            TEXT NOT NULL,
    -- the result on chain upon which he did
    refund_wish_about      BYTEA,
    result_wish            BYTEA,
    agrees_to_refund       BIGINT NOT NULL,
    -- what last stood in the way, and the conclusion that no lock will come
    trouble_kind           TEXT,
    trouble_note           TEXT,
    trouble_tries          BIGINT NOT NULL DEFAULT 0,
    trouble_since_ms       BIGINT,
    trouble_retry_ms       BIGINT,
    gave_up_at             BIGINT,
    -- the projection: always recomputable from escrow_step
    chain_state            TEXT,
    result_hash            BYTEA,
    buyer_address          BYTEA,
    lock_return_address    BYTEA,
    collateral_return      BIGINT,
    seller_cooldown_ms     BIGINT NOT NULL DEFAULT 0,
    buyer_cooldown_ms      BIGINT NOT NULL DEFAULT 0,
    escrow_ref             BYTEA,
    current_tx             TEXT,
    buyer_fees             BIGINT NOT NULL DEFAULT 0,
    seller_fees            BIGINT NOT NULL DEFAULT 0,
    paying_wallet          TEXT,
    strange                TEXT,
    second_lock            BYTEA,
    -- derived by the machine at each change, for lists and the working set
    state                  TEXT,
    intent                 TEXT NOT NULL,
    next_at                BIGINT,
    problem_code           TEXT,
    error_type             TEXT,
    error_note             TEXT,
    needs_manual           BIGINT NOT NULL DEFAULT 0,
    -- changes, and the stamps that drive the diff endpoints
    revision               BIGINT NOT NULL,
    updated_at             BIGINT NOT NULL,
    next_action_changed_at BIGINT NOT NULL,
    state_changed_at       BIGINT NOT NULL,
    UNIQUE (identifier_hash, side, source_id)
);
CREATE INDEX deal_next ON deal (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX deal_escrow ON deal (source_id) WHERE escrow_ref IS NOT NULL;
CREATE INDEX deal_created ON deal (side, created_at, id);
CREATE INDEX deal_waiting ON deal (source_id, side, created_at) WHERE chain_state IS NULL AND next_at IS NOT NULL;
CREATE INDEX deal_trouble ON deal (trouble_kind, id) WHERE trouble_kind IS NOT NULL;

-- What happened to escrows on chain; the only input of the projection besides the terms. Where everything of an escrow that ended lies beyond every rollback, the
-- content of its outputs goes: the projection that stands in the deal is what they said.
CREATE TABLE escrow_step (
    source_id        TEXT NOT NULL REFERENCES payment_source (id),
    height           BIGINT NOT NULL,
    tx_index         BIGINT NOT NULL,
    ordinal          BIGINT NOT NULL,
    tx_id            BYTEA NOT NULL,
    block_hash       BYTEA NOT NULL,
    slot             BIGINT NOT NULL,
    time_ms          BIGINT NOT NULL,
    identifier_hash  BYTEA NOT NULL,
    kind             TEXT NOT NULL,
    spent_ref        BYTEA,
    -- which output of the transaction is the new one
    new_index        BIGINT,
    new_output       BYTEA,
    signed_by_buyer  BIGINT NOT NULL,
    -- 0: a lock that counts for its seller only with a second provider's word
    agreed           BIGINT NOT NULL DEFAULT 1,
    fee              BIGINT NOT NULL,
    -- of the whole transaction
    tx_fee           BIGINT NOT NULL,
    -- the state in which it leaves the escrow, and what each party has of one that ends: still there when outputs are no longer kept
    state            TEXT,
    to_buyer         TEXT,
    to_seller        TEXT,
    PRIMARY KEY (tx_id, ordinal, source_id)
);
CREATE INDEX escrow_step_identifier ON escrow_step (identifier_hash);
CREATE INDEX escrow_step_height ON escrow_step (height);
CREATE INDEX escrow_step_kept ON escrow_step (height) WHERE new_output IS NOT NULL;

-- Identifiers that name a wallet of this node and had no deal here when they were seen.
CREATE TABLE escrow_orphan (
    identifier_hash BYTEA PRIMARY KEY,
    identifier      BYTEA NOT NULL
);
CREATE INDEX escrow_step_unagreed ON escrow_step (source_id, height, tx_index, ordinal) WHERE agreed = 0;

-- Every transaction read at a contract's address within reach of a rollback, so that a second look asks only for what the first one missed.
CREATE TABLE followed_tx (
    source_id  TEXT NOT NULL REFERENCES payment_source (id),
    tx_id      BYTEA NOT NULL,
    height     BIGINT NOT NULL,
    -- 1: what it does may have been read from too little; the next look reads it again
    doubted    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (source_id, tx_id)
) {{clustered}};
CREATE INDEX followed_tx_height ON followed_tx (source_id, height);

-- Points of the chain this node has processed, per followed source; enough to find the fork after a rollback.
CREATE TABLE chain_point (
    source_id TEXT NOT NULL REFERENCES payment_source (id),
    height    BIGINT NOT NULL,
    hash      BYTEA NOT NULL,
    slot      BIGINT NOT NULL,
    time_ms   BIGINT NOT NULL,
    PRIMARY KEY (source_id, height)
) {{clustered}};

-- The attempt log: a signed transaction stands here before it is submitted, and until the chain has decided about it.
-- Where no rollback reaches any more, its bytes go, with what it spends and excludes; what it was remains for those who ask.
CREATE TABLE attempt (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    source_id    TEXT NOT NULL REFERENCES payment_source (id),
    wallet_id    TEXT NOT NULL REFERENCES hot_wallet (id),
    tx_id        BYTEA NOT NULL UNIQUE,
    tx           BYTEA,
    upper_slot   BIGINT NOT NULL,
    state        TEXT NOT NULL,
    answer       TEXT,
    refusals     BIGINT NOT NULL DEFAULT 0,
    offered_at   BIGINT,
    fee          BIGINT NOT NULL,
    height       BIGINT,
    -- when that block was made
    block_ms     BIGINT,
    -- the transaction that took one of its inputs
    taken_by     BYTEA,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX attempt_state ON attempt (state, created_at, id) WHERE tx IS NOT NULL;
CREATE INDEX attempt_height ON attempt (height) WHERE tx IS NOT NULL;
CREATE INDEX attempt_wallet ON attempt (wallet_id, created_at);
CREATE INDEX attempt_in_block ON attempt (created_at, id) WHERE state = 'InBlock';
CREATE INDEX attempt_upper ON attempt (upper_slot) WHERE tx IS NOT NULL;

-- No two transactions that may still take effect spend the same output ...
CREATE TABLE attempt_input (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    ref        BYTEA NOT NULL,
    live       BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, ref)
) {{clustered}};
CREATE UNIQUE INDEX attempt_input_live ON attempt_input (ref) WHERE live = 1;

-- ... or act for the same deal, registration or transfer.
CREATE TABLE attempt_subject (
    attempt_id  TEXT NOT NULL REFERENCES attempt (id),
    subject_id  TEXT NOT NULL,
    action      TEXT NOT NULL,
    live        BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, subject_id)
) {{clustered}};
CREATE UNIQUE INDEX attempt_subject_live ON attempt_subject (subject_id) WHERE live = 1;
CREATE INDEX attempt_subject_subject ON attempt_subject (subject_id);

-- By which coin an attempt excludes each earlier one for the same payment (ADR 3): no chain can hold both.
CREATE TABLE attempt_rival (
    attempt_id TEXT NOT NULL REFERENCES attempt (id),
    rival_id   TEXT NOT NULL REFERENCES attempt (id),
    coin       BYTEA NOT NULL,
    PRIMARY KEY (attempt_id, rival_id)
) {{clustered}};

-- What this node puts into registries. What it is found by besides (words, tags, pricing, and the two tables below) is taken from its entry whenever that changes.
CREATE TABLE registration (
    id                TEXT PRIMARY KEY,
    kind              TEXT NOT NULL,
    source_id         TEXT NOT NULL REFERENCES payment_source (id),
    wallet_id         TEXT NOT NULL REFERENCES hot_wallet (id),
    recipient_id      TEXT REFERENCES hot_wallet (id),
    -- the wallet that was seen with the token when its update or its end was asked for
    holder_id         TEXT REFERENCES hot_wallet (id),
    state             TEXT NOT NULL,
    error             TEXT,
    tries             BIGINT NOT NULL DEFAULT 0,
    next_at           BIGINT,
    agent_identifier  TEXT UNIQUE,
    name              TEXT NOT NULL,
    entry             BYTEA NOT NULL,
    -- in lower case, a line each
    words             TEXT NOT NULL,
    tags              TEXT NOT NULL,
    pricing           TEXT NOT NULL,
    funding           BIGINT,
    requested_by      TEXT,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    state_changed_at  BIGINT NOT NULL
);
CREATE INDEX registration_next ON registration (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX registration_created ON registration (kind, created_at, id);
CREATE INDEX registration_changed ON registration (kind, state_changed_at, id);

-- The fixed amounts of its prices ...
CREATE TABLE registration_price (
    registration_id TEXT NOT NULL REFERENCES registration (id),
    ordinal         BIGINT NOT NULL,
    amount          BIGINT NOT NULL,
    PRIMARY KEY (registration_id, ordinal)
) {{clustered}};

-- ... and where it is paid.
CREATE TABLE registration_place (
    registration_id TEXT NOT NULL REFERENCES registration (id),
    ordinal         BIGINT NOT NULL,
    network         TEXT NOT NULL,
    address         TEXT NOT NULL,
    PRIMARY KEY (registration_id, ordinal)
) {{clustered}};

-- Money that operators send out of wallets.
CREATE TABLE transfer (
    id                TEXT PRIMARY KEY,
    source_id         TEXT NOT NULL REFERENCES payment_source (id),
    wallet_id         TEXT NOT NULL REFERENCES hot_wallet (id),
    to_address        TEXT NOT NULL,
    amount            TEXT NOT NULL,
    state             TEXT NOT NULL,
    note              TEXT,
    tries             BIGINT NOT NULL DEFAULT 0,
    next_at           BIGINT,
    give_up_at        BIGINT NOT NULL,
    tx_id             TEXT,
    requested_by      TEXT,
    revision          BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    state_changed_at  BIGINT NOT NULL
);
CREATE INDEX transfer_next ON transfer (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX transfer_created ON transfer (created_at, id);

-- When a wallet has too little of an asset (the empty unit is lovelace), what it gets then, and how it stood at the last look.
CREATE TABLE balance_rule (
    id                TEXT PRIMARY KEY,
    wallet_id         TEXT NOT NULL REFERENCES hot_wallet (id),
    unit              TEXT NOT NULL,
    threshold         BIGINT NOT NULL,
    enabled           BIGINT NOT NULL,
    top_up            BIGINT,
    status            TEXT NOT NULL,
    -- decimal: a wallet may have more than a rule can say
    amount            TEXT,
    checked_at        BIGINT,
    alerted_at        BIGINT,
    next_at           BIGINT,
    revision          BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    UNIQUE (wallet_id, unit)
);
CREATE INDEX balance_rule_next ON balance_rule (next_at, id) WHERE next_at IS NOT NULL;

-- How funding wallets top others up, where somebody said so.
CREATE TABLE funding_settings (
    wallet_id         TEXT PRIMARY KEY REFERENCES hot_wallet (id),
    id                TEXT NOT NULL,
    enabled           BIGINT NOT NULL,
    window_ms         BIGINT NOT NULL,
    alerted_at        BIGINT
);

-- What wallets are topped up with. How far one is stands in the transfer that pays it.
CREATE TABLE top_up (
    id                TEXT PRIMARY KEY,
    source_id         TEXT NOT NULL REFERENCES payment_source (id),
    target_id         TEXT NOT NULL REFERENCES hot_wallet (id),
    unit              TEXT NOT NULL,
    amount            BIGINT NOT NULL,
    funding_id        TEXT REFERENCES hot_wallet (id),
    transfer_id       TEXT REFERENCES transfer (id),
    next_at           BIGINT,
    created_at        BIGINT NOT NULL,
    taken_at          BIGINT
);
CREATE INDEX top_up_next ON top_up (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX top_up_created ON top_up (created_at, id);
CREATE INDEX top_up_target ON top_up (target_id, unit, created_at);

-- Every change of a deal's next action, for the history the API shows. A result stands in the row with which it came.
CREATE TABLE action_history (
    deal_id     TEXT NOT NULL REFERENCES deal (id),
    seq         BIGINT NOT NULL,
    action      TEXT NOT NULL,
    result_hash BYTEA,
    tx_id       BYTEA,
    error_type  TEXT,
    error_note  TEXT,
    at          BIGINT NOT NULL,
    PRIMARY KEY (deal_id, seq)
) {{clustered}};

-- Contract scripts by hash: their bytes (from an operator's file or the chain) and, when one is known, the output that carries them for
-- reference. Whether that output still stands is asked of the chain before it is used.
CREATE TABLE contract_script (
    hash              TEXT PRIMARY KEY,
    language          BIGINT NOT NULL,
    code              BYTEA NOT NULL,
    reference         TEXT,
    reference_address TEXT,
    -- 1: its owner wants the deposit of the output that this node published back, and no new one
    reclaimed         BIGINT NOT NULL DEFAULT 0
);

-- The engines' signs of life: a copy that finds an old one may be an old copy. A row for each process.
CREATE TABLE engine_life (
    engine   TEXT PRIMARY KEY,
    -- by the clock of its machine, and by the newest block that it saw
    beat_ms  BIGINT NOT NULL,
    chain_ms BIGINT NOT NULL,
    -- 1: it was stopped in order, and has signed nothing since
    stopped  BIGINT NOT NULL
);

-- What others should hear, written in the transaction of the change; numbered by the database, read by consumers from where they left off.
CREATE TABLE outbox (
    seq         {{identity}},
    written_in  {{transaction}},
    entity      TEXT NOT NULL,
    entity_id   TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    at          BIGINT NOT NULL
);
CREATE INDEX outbox_at ON outbox (at);

CREATE TABLE outbox_cursor (
    consumer   TEXT PRIMARY KEY,
    seq        BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
