-- Proof that this server is older than this office's own signed word: its disk was put back to an older image
-- (docs/adr/0056). `life` is the `rebuilt.epochs` of then, 1 before the first: a rebuilding settles what was found before.
-- Of each life the first proof stays. `word` is what this office had signed, as it was brought.
CREATE TABLE own_past (
    n       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT now(),
    life    integer NOT NULL UNIQUE CHECK (life > 0),
    teller  text NOT NULL CHECK (teller IN ('centre', 'station')),
    what    text NOT NULL CHECK (what <> ''),
    told    bigint NOT NULL,
    own     bigint NOT NULL CHECK (own < told),
    word    bytea NOT NULL
);
CREATE TRIGGER own_past_stays BEFORE UPDATE OR DELETE ON own_past
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
