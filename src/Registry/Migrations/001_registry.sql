CREATE TABLE registry_source (
    id         TEXT PRIMARY KEY,
    network    TEXT NOT NULL,
    policy_id  TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (network, policy_id)
);

-- Every mint and burn under a followed policy, with its place in the chain: entries are what these add up to, so a rollback deletes the later ones and adds
-- up again. The metadata is kept as found (CBOR in hex) and read anew by every answer.
CREATE TABLE registry_event (
    source_id        TEXT NOT NULL REFERENCES registry_source (id),
    agent_identifier TEXT NOT NULL,
    tx_id            TEXT NOT NULL,
    height           BIGINT NOT NULL,
    tx_index         BIGINT NOT NULL,
    slot             BIGINT NOT NULL,
    quantity         BIGINT NOT NULL,
    metadata         TEXT,
    PRIMARY KEY (source_id, agent_identifier, tx_id)
);

CREATE INDEX registry_event_by_height ON registry_event (source_id, height);

-- One row per agent's token. minted is 0 after a rollback took the mint back; the row stays for its checks and for who follows changes.
CREATE TABLE agent_entry (
    id                TEXT PRIMARY KEY,
    source_id         TEXT NOT NULL REFERENCES registry_source (id),
    agent_identifier  TEXT NOT NULL,
    metadata          TEXT,
    minted            BIGINT NOT NULL,
    minted_height     BIGINT NOT NULL,
    minted_index      BIGINT NOT NULL,
    answers           TEXT NOT NULL,
    status            TEXT NOT NULL,
    status_updated_at BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    last_uptime_check BIGINT,
    uptime_count      BIGINT NOT NULL DEFAULT 0,
    check_count       BIGINT NOT NULL DEFAULT 0,
    UNIQUE (source_id, agent_identifier)
);

-- Where passes over the chain ended: everything up to such a block has been recorded.
CREATE TABLE registry_point (
    source_id TEXT NOT NULL REFERENCES registry_source (id),
    height    BIGINT NOT NULL,
    hash      TEXT NOT NULL,
    slot      BIGINT NOT NULL,
    time_ms   BIGINT NOT NULL,
    PRIMARY KEY (source_id, height)
);

CREATE TABLE registry_key (
    id                TEXT PRIMARY KEY,
    token_hash        TEXT NOT NULL UNIQUE,
    is_admin          BIGINT NOT NULL,
    usage_limited     BIGINT NOT NULL,
    max_usage_credits BIGINT,
    status            TEXT NOT NULL,
    created_at        BIGINT NOT NULL
);
