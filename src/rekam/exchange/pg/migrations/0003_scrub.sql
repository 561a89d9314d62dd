-- The stored packets are read again and again: how far the reading came, and what it found that is not sound now.
CREATE TABLE exchange.scrub (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position text NOT NULL DEFAULT '',
    passes   bigint NOT NULL DEFAULT 0
);
INSERT INTO exchange.scrub DEFAULT VALUES;

CREATE TABLE exchange.damage (
    blob_id  text PRIMARY KEY CHECK (blob_id ~ '^[0-9a-f]{64}$'),
    code     text NOT NULL,
    found_at timestamptz NOT NULL DEFAULT now()
);
