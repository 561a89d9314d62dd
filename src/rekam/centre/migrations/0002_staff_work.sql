-- What staff did: answers are facts like votes; releases and viewings name who; each snapshot for the check is newer.

CREATE TRIGGER validation_is_final BEFORE UPDATE OR DELETE ON validation FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Who sent a waiting case back to the workers, to which stage, and why.
CREATE TABLE release (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    packet_id      text NOT NULL REFERENCES enrolment_case,
    stage          text NOT NULL,
    staff          text NOT NULL,
    note           text NOT NULL DEFAULT '',
    at             timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER release_is_final BEFORE UPDATE OR DELETE ON release FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Who opened a resident's record: whoever looks at biometrics leaves a line.
CREATE TABLE viewing (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    packet_id      text NOT NULL REFERENCES enrolment_case,
    staff          text NOT NULL,
    at             timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER viewing_is_final BEFORE UPDATE OR DELETE ON viewing FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Editions of the stations' offline check: the number grows, also across failed attempts.
CREATE TABLE filter_edition (
    edition        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    people         bigint NOT NULL,
    as_of          date NOT NULL,
    published_at   timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER filter_edition_is_final BEFORE UPDATE OR DELETE ON filter_edition FOR EACH ROW EXECUTE FUNCTION refuse_change();
