-- Roll calls (docs/adr/0025): one signed answer of the office that stands for the custody receipts of many packets.
-- `asked` are the ids, 32 bytes each, that the answer's digest stands for.
CREATE TABLE roll_call (
    roll   integer PRIMARY KEY AUTOINCREMENT,
    asked  blob NOT NULL CHECK (length(asked) > 0 AND length(asked) % 32 = 0),
    answer blob NOT NULL
) STRICT;
CREATE TRIGGER roll_call_stays BEFORE UPDATE ON roll_call
BEGIN SELECT raise(ABORT, 'the answer to a roll call is never replaced'); END;
CREATE TRIGGER roll_call_kept BEFORE DELETE ON roll_call
BEGIN SELECT raise(ABORT, 'the answer to a roll call is never removed'); END;
ALTER TABLE recording ADD COLUMN custody_roll integer REFERENCES roll_call;
CREATE TRIGGER custody_roll_stays BEFORE UPDATE ON recording
WHEN old.custody_roll IS NOT NULL AND new.custody_roll IS NOT old.custody_roll
BEGIN SELECT raise(ABORT, 'a receipt is never replaced'); END;
