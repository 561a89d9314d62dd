-- What a station that was set up anew knows of its earlier installations (docs/adr/0032): their certificates, the packets
-- that were found sealed on an old disk or a stick, and the office's list of what it holds of them.
CREATE TABLE earlier_epoch (
    epoch integer PRIMARY KEY CHECK (epoch > 0),
    chain blob NOT NULL
) STRICT;

CREATE TABLE carried (
    position  integer PRIMARY KEY AUTOINCREMENT,
    packet_id text NOT NULL UNIQUE,
    number    text NOT NULL,
    epoch     integer NOT NULL,
    sequence  integer NOT NULL,
    size      integer NOT NULL,
    source    text NOT NULL CHECK (source IN ('disk', 'usb')),
    since_ms  integer NOT NULL,
    receipt   blob,
    roll      integer REFERENCES roll_call,
    code      text,
    reason    text
) STRICT;
CREATE TRIGGER carried_stays BEFORE DELETE ON carried
BEGIN SELECT raise(ABORT, 'what was carried over is never removed'); END;
CREATE TRIGGER carried_receipt_stays BEFORE UPDATE ON carried
WHEN (old.receipt IS NOT NULL AND new.receipt IS NOT old.receipt)
  OR (old.roll IS NOT NULL AND new.roll IS NOT old.roll)
BEGIN SELECT raise(ABORT, 'a receipt is never replaced'); END;

CREATE TABLE earlier_recording (
    packet_id text PRIMARY KEY,
    number    text NOT NULL,
    status    text NOT NULL,
    at        text NOT NULL
) STRICT;
