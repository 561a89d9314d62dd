-- Supervisors' signed words on days at this office's stations (docs/adr/0045), each as it came; `first` and `last` are the
-- sequences of the day's recordings, held against what is in custody here.
CREATE TABLE day_word (
    station     text NOT NULL,
    epoch       integer NOT NULL,
    n           integer NOT NULL CHECK (n > 0),
    day         date NOT NULL,
    what        text NOT NULL CHECK (what IN ('closed', 'reopened')),
    at          timestamptz NOT NULL,
    first       bigint NOT NULL,
    last        bigint NOT NULL,
    saved       bigint NOT NULL,
    data        bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (station, epoch, n)
);
CREATE INDEX day_word_by_day ON day_word (day, station, epoch, n);
CREATE TRIGGER day_word_stays BEFORE UPDATE OR DELETE ON day_word
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
