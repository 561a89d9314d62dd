-- Keys of people at stations that ended, as their offices said (docs/adr/0051); the first word on a key stands.
CREATE TABLE key_ended (
    station  text NOT NULL,
    key      text NOT NULL CHECK (key ~ '^[0-9a-f]{32}$'),
    office   text NOT NULL,
    epoch    integer NOT NULL CHECK (epoch > 0),
    subject  text NOT NULL,
    name     text NOT NULL,
    role     text NOT NULL CHECK (role IN ('operator', 'supervisor')),
    why      text NOT NULL CHECK (why IN ('replaced', 'left')),
    after    bigint NOT NULL CHECK (after >= 0),
    head     text NOT NULL,
    said_at  timestamptz NOT NULL,
    heard    bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    heard_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (station, key)
);
CREATE TRIGGER key_ended_stays BEFORE UPDATE OR DELETE ON key_ended FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Whose keys confirmed a recording (ids, hex), known once the packet is open: a word on a key may come later.
ALTER TABLE enrolment_case ADD COLUMN confirmed_by text[];
