-- The station's encrypted store. A recording, its outbox row, its place in the chain and its templates are
-- written in one transaction; results come only from the feed.

CREATE TABLE setting (
    name   text PRIMARY KEY,
    value  blob NOT NULL
) STRICT;

-- The head of this station's chain of packets. One row; sequence and digest of the newest packet.
CREATE TABLE chain_head (
    only      integer PRIMARY KEY CHECK (only = 1),
    epoch     integer NOT NULL CHECK (epoch > 0),
    sequence  integer NOT NULL CHECK (sequence >= 0),
    packet    blob NOT NULL CHECK (length(packet) = 32)
) STRICT;
CREATE TRIGGER chain_moves_on BEFORE UPDATE ON chain_head
WHEN NOT (new.epoch > old.epoch OR (new.epoch = old.epoch AND new.sequence = old.sequence + 1))
BEGIN SELECT raise(ABORT, 'a packet number is never used again'); END;

-- The extract of the population register for the districts this station serves.
CREATE TABLE resident (
    nik        text PRIMARY KEY,
    kk         text NOT NULL,
    name       text NOT NULL,
    birth_date text NOT NULL,
    biodata    blob NOT NULL
) STRICT;
CREATE INDEX resident_by_kk ON resident (kk);
CREATE INDEX resident_by_name ON resident (name);

-- A sitting that is not saved yet: offered again after a power cut.
CREATE TABLE draft (
    sitting_id text PRIMARY KEY,
    nik        text NOT NULL,
    opened_by  text NOT NULL,
    opened_at  text NOT NULL,
    state      blob NOT NULL
) STRICT;
CREATE TABLE draft_capture (
    sitting_id text NOT NULL REFERENCES draft ON DELETE CASCADE,
    slot       text NOT NULL,
    media_type text NOT NULL,
    quality    integer NOT NULL,
    reasons    text NOT NULL,
    attempts   integer NOT NULL,
    device     text NOT NULL,
    flags      integer NOT NULL,  -- 1 forced, 2 good
    image      blob NOT NULL,
    template   blob,
    PRIMARY KEY (sitting_id, slot)
) STRICT;
CREATE TABLE abandoned (
    sitting_id text PRIMARY KEY,
    nik        text NOT NULL,
    operator   text NOT NULL,
    at         text NOT NULL,
    reason     text NOT NULL
) STRICT;

CREATE TABLE recording (
    packet_id          text PRIMARY KEY,
    number             text NOT NULL UNIQUE,
    sequence           integer NOT NULL,
    sitting_id         text NOT NULL UNIQUE,
    nik                text NOT NULL,
    name               text NOT NULL,
    operator           text NOT NULL,
    saved_at           text NOT NULL,
    salt               blob NOT NULL,
    size               integer NOT NULL,
    summary            blob NOT NULL,
    custody_receipt    blob,
    custody_at         text,
    acceptance_receipt blob,
    accepted_at        text,
    status             text NOT NULL,
    status_at          text NOT NULL,
    reason             text NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX recording_by_nik ON recording (nik);
CREATE TRIGGER recording_stays BEFORE DELETE ON recording
BEGIN SELECT raise(ABORT, 'a recording is never removed'); END;
CREATE TRIGGER receipts_stay BEFORE UPDATE ON recording
WHEN (old.custody_receipt IS NOT NULL AND new.custody_receipt IS NOT old.custody_receipt)
  OR (old.acceptance_receipt IS NOT NULL AND new.acceptance_receipt IS NOT old.acceptance_receipt)
BEGIN SELECT raise(ABORT, 'a receipt is never replaced'); END;

-- A user's saving writes this one table of what is to be sent.
CREATE TABLE outbox (
    position  integer PRIMARY KEY AUTOINCREMENT,
    packet_id text NOT NULL UNIQUE REFERENCES recording,
    since_ms  integer NOT NULL,
    code      text,
    reason    text
) STRICT;

CREATE TABLE template (
    packet_id text PRIMARY KEY REFERENCES recording,
    templates blob NOT NULL
) STRICT;

CREATE TABLE feed_cursor (
    feed  text PRIMARY KEY,
    n     integer NOT NULL
) STRICT;
CREATE TABLE recorded_elsewhere (
    check_hash blob PRIMARY KEY,
    number     text NOT NULL,
    at         text NOT NULL
) STRICT;
CREATE TABLE notice (
    number  integer PRIMARY KEY,
    at      text NOT NULL,
    text_id text NOT NULL,
    text_en text NOT NULL,
    todo_id text NOT NULL,
    todo_en text NOT NULL
) STRICT;

CREATE TABLE paper (
    packet_id text NOT NULL REFERENCES recording,
    kind      text NOT NULL CHECK (kind IN ('proof', 'suket')),
    copy      integer NOT NULL,
    number    text NOT NULL,
    operator  text NOT NULL,
    at        text NOT NULL,
    PRIMARY KEY (packet_id, kind, copy)
) STRICT;
CREATE TABLE suket_number (
    year   integer PRIMARY KEY,
    last   integer NOT NULL
) STRICT;
