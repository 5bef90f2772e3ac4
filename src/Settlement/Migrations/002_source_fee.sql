-- V1 contracts: who receives the protocol fee, in thousandths of every asset.
ALTER TABLE payment_source ADD COLUMN fee_address TEXT;
ALTER TABLE payment_source ADD COLUMN fee_permille BIGINT NOT NULL DEFAULT 0;
