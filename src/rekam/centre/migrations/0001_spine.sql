-- The centre's own tables. What office and centre share (received packets, receipts, forks, feed) is exchange's.
-- Nothing here holds personal data in the clear: NIKs are keyed hashes, biodata and images lie sealed in the vault.

CREATE TABLE enrolment_case (
    packet_id      text PRIMARY KEY,
    number         text NOT NULL,
    station        text NOT NULL,
    office         text NOT NULL,
    received_at    timestamptz NOT NULL DEFAULT now(),
    state          text NOT NULL DEFAULT 'in_stage'
                   CHECK (state IN ('in_stage', 'done', 'rejected', 'quarantined')),
    status         text NOT NULL DEFAULT 'RECEIVED_AT_CENTRAL',
    nik_hash       bytea,
    portal_key     bytea,
    check_hash     bytea,
    nik_shard      text,
    operator       text,
    settled_at     timestamptz
);
CREATE INDEX enrolment_case_by_nik ON enrolment_case (nik_hash);
CREATE INDEX enrolment_case_by_state ON enrolment_case (state);

-- One row per packet still on its way: which stage it is in, and who holds it, until when, under which token.
CREATE SEQUENCE fencing_token;
CREATE TABLE packet_stage (
    packet_id      text PRIMARY KEY REFERENCES enrolment_case,
    stage          text NOT NULL,
    entered_at     timestamptz NOT NULL DEFAULT now(),
    ready_at       timestamptz NOT NULL DEFAULT now(),
    lease_until    timestamptz,
    token          bigint,
    attempts       integer NOT NULL DEFAULT 0,
    last_error     text,
    queue          text CHECK (queue IN ('adjudication', 'validation', 'quarantine'))
);
CREATE INDEX packet_stage_ready ON packet_stage (ready_at) WHERE queue IS NULL;

CREATE TABLE stage_history (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    packet_id      text NOT NULL REFERENCES enrolment_case,
    stage          text NOT NULL,
    token          bigint NOT NULL UNIQUE,
    verdict        text NOT NULL,
    detail         text NOT NULL DEFAULT '',
    at             timestamptz NOT NULL DEFAULT now()
);

-- The working copy after unsealing: each row names a file of ciphertext under the data key.
CREATE TABLE working_copy (
    packet_id      text NOT NULL REFERENCES enrolment_case,
    name           text NOT NULL,
    blob           text NOT NULL,
    PRIMARY KEY (packet_id, name)
);

CREATE TABLE person (
    person_id      uuid PRIMARY KEY,
    nik_hash       bytea NOT NULL UNIQUE,
    current_packet text NOT NULL REFERENCES enrolment_case
);

-- The gallery's files know the opaque id only; this row alone tells which packet it came from.
CREATE TABLE gallery_entry (
    gallery_id     uuid PRIMARY KEY,
    position       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    packet_id      text NOT NULL UNIQUE REFERENCES enrolment_case,
    nik_hash       bytea NOT NULL,
    blob           text NOT NULL
);
CREATE INDEX gallery_entry_by_nik ON gallery_entry (nik_hash);

-- What the machine said of a packet, before any expert.
CREATE TABLE uniqueness_verdict (
    packet_id      text PRIMARY KEY REFERENCES enrolment_case,
    verdict        text NOT NULL CHECK (verdict IN ('UNIQUE', 'SAME_PERSON', 'ADJUDICATE', 'DUPLICATE')),
    kind           text CHECK (kind IN ('ONE_TO_ONE', 'ONE_TO_MANY')),
    candidate      text REFERENCES enrolment_case,
    llr            double precision,
    at             timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE adjudication (
    packet_id      text PRIMARY KEY REFERENCES enrolment_case,
    candidate      text NOT NULL REFERENCES enrolment_case,
    kind           text NOT NULL CHECK (kind IN ('ONE_TO_ONE', 'ONE_TO_MANY')),
    llr            double precision NOT NULL,
    opened_at      timestamptz NOT NULL DEFAULT now(),
    outcome        text CHECK (outcome IN ('SAME_PERSON', 'DIFFERENT_PERSONS')),
    closed_at      timestamptz
);
CREATE TABLE adjudication_vote (
    packet_id      text NOT NULL REFERENCES adjudication,
    expert         text NOT NULL,
    decision       text NOT NULL CHECK (decision IN ('SAME_PERSON', 'DIFFERENT_PERSONS')),
    note           text NOT NULL DEFAULT '',
    at             timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (packet_id, expert)
);

-- REQUEST_VALIDATION: what the office answered, as the centre's staff noted it.
CREATE TABLE validation (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    packet_id      text NOT NULL REFERENCES enrolment_case,
    answer         text NOT NULL CHECK (answer IN ('CONFIRMED', 'REFUSED')),
    note           text NOT NULL DEFAULT '',
    staff          text NOT NULL,
    at             timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE result (
    packet_id      text PRIMARY KEY REFERENCES enrolment_case,
    status         text NOT NULL,
    reason         text NOT NULL DEFAULT '',
    candidate      text,
    decided_at     timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE print_order (
    packet_id      text PRIMARY KEY REFERENCES result DEFERRABLE INITIALLY IMMEDIATE,
    order_number   bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    office         text NOT NULL,
    ordered_at     timestamptz NOT NULL DEFAULT now()
);

-- The extract of the population register, sealed; found by the keyed hash of the NIK.
CREATE TABLE register_entry (
    nik_hash       bytea PRIMARY KEY,
    sealed         bytea NOT NULL
);

CREATE TABLE notice (
    number         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    published_at   timestamptz NOT NULL DEFAULT now(),
    text_id        text NOT NULL,
    text_en        text NOT NULL,
    todo_id        text NOT NULL DEFAULT '',
    todo_en        text NOT NULL DEFAULT '',
    author         text NOT NULL
);

CREATE TABLE office (
    office         text PRIMARY KEY,
    name           text NOT NULL,
    chain          bytea NOT NULL
);

-- Results, print orders, votes and history are facts: they are added, never changed.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER result_is_final BEFORE UPDATE OR DELETE ON result FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER print_order_is_final BEFORE UPDATE OR DELETE ON print_order FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER vote_is_final BEFORE UPDATE OR DELETE ON adjudication_vote FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_is_final BEFORE UPDATE OR DELETE ON stage_history FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notice_is_final BEFORE UPDATE OR DELETE ON notice FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- An adjudication is never one person's, and never the recording operator's.
CREATE FUNCTION refuse_partial_expert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM adjudication a JOIN enrolment_case c ON c.packet_id IN (a.packet_id, a.candidate)
        WHERE a.packet_id = NEW.packet_id AND c.operator = NEW.expert
    ) THEN
        RAISE EXCEPTION 'the recording operator % may not adjudicate', NEW.expert USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_is_impartial BEFORE INSERT ON adjudication_vote FOR EACH ROW EXECUTE FUNCTION refuse_partial_expert();

CREATE FUNCTION refuse_lonely_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome IS NOT NULL AND (
        SELECT count(*) FROM adjudication_vote v WHERE v.packet_id = NEW.packet_id AND v.decision = NEW.outcome
    ) < 2 THEN
        RAISE EXCEPTION 'an outcome needs two experts who agree' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outcome_needs_two BEFORE INSERT OR UPDATE ON adjudication FOR EACH ROW EXECUTE FUNCTION refuse_lonely_outcome();
