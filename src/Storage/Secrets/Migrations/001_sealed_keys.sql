-- Keys the node made for itself, by purpose; sealed under the operator's secret.
CREATE TABLE sealed_keys (
    name       TEXT   NOT NULL PRIMARY KEY,
    sealed     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
