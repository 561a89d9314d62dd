-- Operators' new keys that stations ask for (docs/adr/0048). Two different officials certify: the database sees to it.
-- A request is named by the SHA-256 of its signed bytes: asked twice, by line and by stick, it is one.
CREATE TABLE key_request (
    request   text PRIMARY KEY CHECK (request ~ '^[0-9a-f]{64}$'),
    opened    bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    station   text NOT NULL,
    epoch     integer NOT NULL CHECK (epoch > 0),
    subject   text NOT NULL,
    name      text NOT NULL,
    role      text NOT NULL CHECK (role IN ('operator', 'supervisor')),
    why       text NOT NULL CHECK (why IN ('new', 'forgotten')),
    ends      text NOT NULL,
    asked_by  text NOT NULL,
    came      text NOT NULL CHECK (came IN ('line', 'text')),
    data      bytea NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    wrong     integer NOT NULL DEFAULT 0,
    closed    text NOT NULL DEFAULT '' CHECK (closed IN ('', 'refused', 'letters', 'replaced', 'withdrawn')),
    closed_by text NOT NULL DEFAULT '',
    reason    text NOT NULL DEFAULT '',
    CHECK ((why = 'forgotten') = (ends <> '')),
    CHECK (why = 'forgotten' OR role = 'operator')
);
CREATE FUNCTION key_request_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed <> ''
       OR (NEW.request, NEW.station, NEW.epoch, NEW.subject, NEW.name, NEW.role, NEW.why, NEW.ends, NEW.asked_by, NEW.data)
          IS DISTINCT FROM
          (OLD.request, OLD.station, OLD.epoch, OLD.subject, OLD.name, OLD.role, OLD.why, OLD.ends, OLD.asked_by, OLD.data)
    THEN
        RAISE EXCEPTION 'what was said about a key stays said' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER key_request_goes_on BEFORE UPDATE OR DELETE ON key_request
    FOR EACH ROW EXECUTE FUNCTION key_request_goes_on();

-- One person approves once, whatever number of sessions they have open.
CREATE TABLE key_approval (
    request     text NOT NULL REFERENCES key_request,
    official    text NOT NULL CHECK (official <> ''),
    approved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (request, official)
);
CREATE TRIGGER key_approval_stays BEFORE UPDATE OR DELETE ON key_approval
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- The certificates given; never on one person's word, never for a request that was closed.
CREATE TABLE key_issue (
    request     text PRIMARY KEY REFERENCES key_request,
    certificate bytea NOT NULL,
    issued_at   timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION key_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM key_approval a WHERE a.request = NEW.request) < 2
       OR (SELECT closed FROM key_request r WHERE r.request = NEW.request) <> '' THEN
        RAISE EXCEPTION 'an operator is certified by two officials' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER key_needs_two BEFORE INSERT ON key_issue FOR EACH ROW EXECUTE FUNCTION key_needs_two();
CREATE TRIGGER key_issue_stays BEFORE UPDATE OR DELETE ON key_issue FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- Taken back by the station, perhaps before the request itself came here on a stick.
CREATE TABLE key_withdrawal (
    request text PRIMARY KEY CHECK (request ~ '^[0-9a-f]{64}$'),
    station text NOT NULL,
    at      timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER key_withdrawal_stays BEFORE UPDATE OR DELETE ON key_withdrawal
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
