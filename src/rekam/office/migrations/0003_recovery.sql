-- Stations that are set up anew on site (docs/adr/0032). Two different officials approve: the database sees to it.
CREATE TABLE recovery_request (
    request      text PRIMARY KEY CHECK (request ~ '^[0-9a-f]{32}$'),
    opened       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    station      text NOT NULL,
    commitment   bytea NOT NULL CHECK (octet_length(commitment) = 32),
    nonce        bytea NOT NULL CHECK (octet_length(nonce) = 32),
    opened_at    timestamptz NOT NULL DEFAULT now(),
    reveal       bytea,
    wrong        integer NOT NULL DEFAULT 0,
    closed       text NOT NULL DEFAULT '',
    after        bigint CHECK (after >= 0),
    head         text,
    reason       text,
    CHECK ((after IS NULL) = (head IS NULL) AND (after IS NULL) = (reason IS NULL))
);
CREATE FUNCTION recovery_request_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed <> ''
       OR (NEW.request, NEW.station, NEW.commitment, NEW.nonce) IS DISTINCT FROM
          (OLD.request, OLD.station, OLD.commitment, OLD.nonce)
       OR (OLD.reveal IS NOT NULL AND NEW.reveal IS DISTINCT FROM OLD.reveal)
       OR (OLD.after IS NOT NULL AND
           (NEW.after, NEW.head, NEW.reason) IS DISTINCT FROM (OLD.after, OLD.head, OLD.reason)) THEN
        RAISE EXCEPTION 'what was said in a recovery stays said' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recovery_request_goes_on BEFORE UPDATE OR DELETE ON recovery_request
    FOR EACH ROW EXECUTE FUNCTION recovery_request_goes_on();

-- One person approves once, whatever number of sessions they have open.
CREATE TABLE recovery_approval (
    request     text NOT NULL REFERENCES recovery_request,
    official    text NOT NULL CHECK (official <> ''),
    approved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (request, official)
);
CREATE TRIGGER recovery_approval_stays BEFORE UPDATE OR DELETE ON recovery_approval
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The certificate of a new installation; an epoch of a station is given out once, and never on one person's word.
CREATE TABLE recovery_issue (
    request   text PRIMARY KEY REFERENCES recovery_request,
    station   text NOT NULL,
    epoch     integer NOT NULL CHECK (epoch > 1),
    chain     bytea NOT NULL,
    bundle    text NOT NULL,
    size      bigint NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (station, epoch)
);
CREATE FUNCTION recovery_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM recovery_approval a WHERE a.request = NEW.request) < 2 THEN
        RAISE EXCEPTION 'a station is set up anew by two officials' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recovery_needs_two BEFORE INSERT ON recovery_issue
    FOR EACH ROW EXECUTE FUNCTION recovery_needs_two();
CREATE TRIGGER recovery_issue_stays BEFORE UPDATE OR DELETE ON recovery_issue
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What the station said it found of its old installation; the newest word counts.
CREATE TABLE recovery_found (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text NOT NULL REFERENCES recovery_issue,
    found   bytea NOT NULL,
    at      timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER recovery_found_stays BEFORE UPDATE OR DELETE ON recovery_found
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
