-- Contract scripts by hash: their bytes (from an operator's file or the chain; single CBOR, hex) and, when one is known, the output that carries them for
-- reference. Whether that output still stands is asked of the chain before it is used.
CREATE TABLE contract_script (
    hash              TEXT PRIMARY KEY,
    language          BIGINT NOT NULL,
    code              TEXT NOT NULL,
    reference         TEXT,
    reference_address TEXT
);
