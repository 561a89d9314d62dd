-- Staff of an office or of the centre. No resident stands in these tables.
CREATE TABLE staff_member (
    name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9.-]{2,31}$'),
    roles text[] NOT NULL,
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    added_at timestamptz NOT NULL DEFAULT now()
);

-- Wrong passwords in a row, for any name that was tried, and when the next attempt is looked at.
CREATE TABLE staff_attempt (
    name text PRIMARY KEY,
    failures integer NOT NULL CHECK (failures > 0),
    allowed_at timestamptz NOT NULL
);

CREATE TABLE staff_session (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    name text NOT NULL REFERENCES staff_member ON DELETE CASCADE,
    opened_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now()
);
