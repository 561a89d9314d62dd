-- Keys of people here that sign nothing any more, each with the station's signed word on the last recording they could
-- have confirmed (docs/adr/0051). `told`: whether the office has the word for certain.
CREATE TABLE key_end (
    key  blob PRIMARY KEY CHECK (length(key) = 16),
    word blob NOT NULL,
    told integer NOT NULL DEFAULT 0 CHECK (told IN (0, 1))
) STRICT;
CREATE TRIGGER key_end_stays BEFORE UPDATE ON key_end WHEN (new.key, new.word) IS NOT (old.key, old.word)
BEGIN SELECT raise(ABORT, 'a signed word on a key stays'); END;
CREATE TRIGGER key_end_is_kept BEFORE DELETE ON key_end BEGIN SELECT raise(ABORT, 'a signed word on a key stays'); END;
