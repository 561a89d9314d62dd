-- What a public website may know: a status under a keyed hash of NIK and birth date, notices, and how old all this is.
-- No name, no number, nothing biometric.

CREATE TABLE resident_status (
    key     bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    status  text NOT NULL,
    at      timestamptz NOT NULL,
    entry   bigint NOT NULL
);
CREATE FUNCTION resident_status_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.key <> OLD.key OR NEW.entry < OLD.entry THEN
        RAISE EXCEPTION 'a status does not go back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER resident_status_goes_on BEFORE UPDATE OR DELETE ON resident_status
    FOR EACH ROW EXECUTE FUNCTION resident_status_goes_on();

CREATE TABLE notice (
    number      integer PRIMARY KEY,
    at          timestamptz NOT NULL,
    text_id     text NOT NULL,
    text_en     text NOT NULL,
    todo_id     text NOT NULL,
    todo_en     text NOT NULL
);

-- When the centre last answered, on this database's clock: how old the copy is.
CREATE TABLE contact (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    answered_at timestamptz NOT NULL
);
