CREATE TABLE registry_source (
    id         TEXT PRIMARY KEY,
    network    TEXT NOT NULL,
    policy_id  TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (network, policy_id)
);

-- One row per token ever minted under a followed policy; the metadata is kept as found, and read anew by every answer.
CREATE TABLE agent_entry (
    id                TEXT PRIMARY KEY,
    source_id         TEXT NOT NULL REFERENCES registry_source (id),
    agent_identifier  TEXT NOT NULL,
    metadata          TEXT,
    quantity          BIGINT NOT NULL,
    name              TEXT NOT NULL,
    status            TEXT NOT NULL,
    status_updated_at BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    last_uptime_check BIGINT,
    uptime_count      BIGINT NOT NULL DEFAULT 0,
    check_count       BIGINT NOT NULL DEFAULT 0,
    height            BIGINT NOT NULL,
    UNIQUE (source_id, agent_identifier)
);

CREATE TABLE registry_point (
    source_id TEXT NOT NULL REFERENCES registry_source (id),
    height    BIGINT NOT NULL,
    hash      TEXT NOT NULL,
    slot      BIGINT NOT NULL,
    time_ms   BIGINT NOT NULL,
    PRIMARY KEY (source_id, height)
);

CREATE TABLE registry_key (
    token_hash TEXT PRIMARY KEY,
    mask       TEXT NOT NULL,
    is_admin   BIGINT NOT NULL,
    status     TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
