-- A person's keys at a station that two officials stop, whatever the station wants (docs/adr/0055). The first official
-- draws the cut, a second one signs: the database sees to it. Who was stopped is never certified there again.
CREATE TABLE key_stop (
    number    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    station   text NOT NULL,
    epoch     integer NOT NULL CHECK (epoch > 0),
    subject   text NOT NULL CHECK (subject <> ''),
    name      text NOT NULL,
    role      text NOT NULL CHECK (role IN ('operator', 'supervisor')),
    after     bigint NOT NULL CHECK (after >= 0),
    head      text NOT NULL CHECK (head ~ CASE WHEN after = 0 THEN '^$' ELSE '^[0-9a-f]{64}$' END),
    reason    text NOT NULL CHECK (reason <> ''),
    asked_by  text NOT NULL CHECK (asked_by <> ''),
    asked_at  timestamptz NOT NULL DEFAULT now(),
    closed_by text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX key_stop_once ON key_stop (station, subject) WHERE closed_by = '';

CREATE TABLE key_stop_word (
    number   bigint PRIMARY KEY REFERENCES key_stop,
    official text NOT NULL CHECK (official <> ''),
    at       timestamptz NOT NULL DEFAULT now(),
    word     bytea NOT NULL
);
CREATE FUNCTION key_stop_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM key_stop s WHERE s.number = NEW.number AND (s.asked_by = NEW.official OR s.closed_by <> ''))
    THEN
        RAISE EXCEPTION 'a key is stopped by two officials' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER key_stop_needs_two BEFORE INSERT ON key_stop_word FOR EACH ROW EXECUTE FUNCTION key_stop_needs_two();
CREATE TRIGGER key_stop_word_stays BEFORE UPDATE OR DELETE ON key_stop_word
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

CREATE FUNCTION key_stop_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed_by <> '' OR to_jsonb(NEW) - 'closed_by' <> to_jsonb(OLD) - 'closed_by'
       OR EXISTS (SELECT 1 FROM key_stop_word w WHERE w.number = OLD.number) THEN
        RAISE EXCEPTION 'what was said about a key stays said' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER key_stop_goes_on BEFORE UPDATE OR DELETE ON key_stop FOR EACH ROW EXECUTE FUNCTION key_stop_goes_on();
