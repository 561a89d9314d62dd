-- What a place knows of the public log as its witness (docs/adr/0028). Offices cosign, the portal only watches. Nothing
-- here is ever changed or removed: a checkpoint once kept binds the witness, an alarm is evidence.
CREATE TABLE exchange.witness_checkpoint (
    size    bigint PRIMARY KEY CHECK (size >= 0),
    note    text NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION exchange.witness_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('rekam witness', 0));
    IF EXISTS (SELECT 1 FROM exchange.witness_checkpoint WHERE size >= NEW.size) THEN
        RAISE EXCEPTION 'a witness does not go back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER witness_only_grows BEFORE INSERT ON exchange.witness_checkpoint
    FOR EACH ROW EXECUTE FUNCTION exchange.witness_only_grows();
CREATE TRIGGER witness_checkpoint_stays BEFORE UPDATE OR DELETE ON exchange.witness_checkpoint
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- One cosignature a checkpoint; `note` is the checkpoint with the log's signature and this place's.
CREATE TABLE exchange.witness_cosignature (
    size    bigint PRIMARY KEY REFERENCES exchange.witness_checkpoint,
    note    text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER witness_cosignature_stays BEFORE UPDATE OR DELETE ON exchange.witness_cosignature
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

CREATE TABLE exchange.witness_delivery (
    size     bigint PRIMARY KEY REFERENCES exchange.witness_cosignature,
    taken_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER witness_delivery_stays BEFORE UPDATE OR DELETE ON exchange.witness_delivery
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- `evidence` is what Evidence.to_json wrote; `kept_size` the size of the older checkpoint in it.
CREATE TABLE exchange.witness_alarm (
    number    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    breach    text NOT NULL CHECK (breach IN ('split', 'changed', 'smaller')),
    kept_size bigint NOT NULL,
    evidence  text NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (breach, kept_size)
);
CREATE TRIGGER witness_alarm_stays BEFORE UPDATE OR DELETE ON exchange.witness_alarm
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- Acceptances whose checkpoint was compared with the witnessed log.
CREATE TABLE exchange.witness_receipt (
    packet_id   text PRIMARY KEY REFERENCES exchange.outbox,
    agrees      boolean NOT NULL,
    compared_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER witness_receipt_stays BEFORE UPDATE OR DELETE ON exchange.witness_receipt
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- At the centre: each office's newest cosignature of the log. A smaller one never takes its place.
CREATE TABLE exchange.log_cosignature (
    office      text PRIMARY KEY,
    name        text NOT NULL,
    size        bigint NOT NULL CHECK (size >= 0),
    at_s        bigint NOT NULL,
    note        text NOT NULL,
    chain       bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX log_cosignature_size ON exchange.log_cosignature (size);
CREATE FUNCTION exchange.log_cosignature_advances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.size < OLD.size OR NEW.office <> OLD.office THEN
        RAISE EXCEPTION 'a cosignature does not go back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER log_cosignature_advances BEFORE UPDATE OR DELETE ON exchange.log_cosignature
    FOR EACH ROW EXECUTE FUNCTION exchange.log_cosignature_advances();

-- What offices hold that carries this centre's own signature and is not in this centre's log: after a restore from an
-- old backup, or in the hands of a thief of its key.
CREATE TABLE exchange.log_denied (
    office      text NOT NULL,
    size        bigint NOT NULL,
    name        text NOT NULL,
    note        text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (office, size)
);
CREATE TRIGGER log_denied_stays BEFORE UPDATE OR DELETE ON exchange.log_denied
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
