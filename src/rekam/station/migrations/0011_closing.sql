-- What was done on a day (docs/adr/0045). A line of the tally is written with its recording; nothing here names a
-- resident. `opened_at` is empty for sittings that ended before this was counted.
CREATE TABLE tally (
    packet_id  text PRIMARY KEY REFERENCES recording,
    sequence   integer NOT NULL,
    operator   text NOT NULL,
    opened_at  text NOT NULL,
    saved_at   text NOT NULL,
    exceptions integer NOT NULL CHECK (exceptions >= 0),
    forced     integer NOT NULL CHECK (forced >= 0)
) STRICT;
CREATE INDEX tally_by_saved ON tally (saved_at);
CREATE INDEX tally_by_opened ON tally (opened_at);
CREATE TRIGGER tally_stays BEFORE UPDATE ON tally BEGIN SELECT raise(ABORT, 'what was counted stays'); END;
CREATE TRIGGER tally_is_kept BEFORE DELETE ON tally BEGIN SELECT raise(ABORT, 'what was counted stays'); END;
ALTER TABLE abandoned ADD COLUMN opened_at text NOT NULL DEFAULT '';
CREATE INDEX abandoned_by_at ON abandoned (at);
CREATE INDEX draft_by_opened ON draft (opened_at);
CREATE INDEX paper_by_at ON paper (at, kind, copy);

-- The supervisor's signed words on days, each with the digest of the one before it: closed, reopened with a reason, closed
-- again. `n` is how an office asks for those that it does not know.
CREATE TABLE day_word (
    n      integer PRIMARY KEY CHECK (n > 0),
    day    text NOT NULL,
    what   text NOT NULL CHECK (what IN ('closed', 'reopened')),
    at     text NOT NULL,
    by     text NOT NULL,
    data   blob NOT NULL,
    digest blob NOT NULL UNIQUE CHECK (length(digest) = 32)
) STRICT;
CREATE INDEX day_word_of ON day_word (day, n);
CREATE TRIGGER day_words_follow BEFORE INSERT ON day_word
WHEN new.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM day_word)
BEGIN SELECT raise(ABORT, 'the words on days are numbered without gaps'); END;
CREATE TRIGGER day_closes_once BEFORE INSERT ON day_word
WHEN new.what IS (SELECT what FROM day_word WHERE day = new.day ORDER BY n DESC LIMIT 1)
  OR (new.what = 'reopened' AND NOT EXISTS (SELECT 1 FROM day_word WHERE day = new.day))
BEGIN SELECT raise(ABORT, 'a day is closed once, and reopened before it is closed again'); END;
CREATE TRIGGER day_word_stays BEFORE UPDATE ON day_word BEGIN SELECT raise(ABORT, 'a signed word on a day stays'); END;
CREATE TRIGGER day_word_is_kept BEFORE DELETE ON day_word BEGIN SELECT raise(ABORT, 'a signed word on a day stays'); END;

-- Who has read which notice of the centre.
ALTER TABLE notice ADD COLUMN urgent integer NOT NULL DEFAULT 0;
CREATE TABLE notice_read (
    number   integer NOT NULL REFERENCES notice,
    operator text NOT NULL,
    at       text NOT NULL,
    PRIMARY KEY (number, operator)
) STRICT;
CREATE TRIGGER reading_stays BEFORE UPDATE ON notice_read BEGIN SELECT raise(ABORT, 'who read a notice stays noted'); END;
CREATE TRIGGER reading_is_kept BEFORE DELETE ON notice_read
BEGIN SELECT raise(ABORT, 'who read a notice stays noted'); END;

-- A resident at the counter is answered in milliseconds, however much was recorded: these cover what lists and counts
-- read, because a row's photo lies between its columns.
CREATE INDEX recording_by_name ON recording (name);
CREATE INDEX recording_by_sequence ON recording (sequence);
CREATE INDEX recording_by_custody ON recording (custody_at, custody_roll, size);
