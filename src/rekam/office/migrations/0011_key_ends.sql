-- Keys of people at stations that sign nothing any more, as the stations said (docs/adr/0051); the first word stands.
CREATE TABLE key_end (
    station   text NOT NULL,
    key       text NOT NULL CHECK (key ~ '^[0-9a-f]{32}$'),
    epoch     integer NOT NULL CHECK (epoch > 0),
    subject   text NOT NULL,
    why       text NOT NULL CHECK (why IN ('replaced', 'left')),
    after     bigint NOT NULL CHECK (after >= 0),
    word      bytea NOT NULL,
    heard     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    PRIMARY KEY (station, key)
);
CREATE TRIGGER key_end_stays BEFORE UPDATE OR DELETE ON key_end FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
