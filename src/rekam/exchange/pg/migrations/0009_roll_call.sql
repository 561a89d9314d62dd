-- Roll calls (docs/adr/0025): one signed answer that acknowledges many packets. `asked` are the ids, 32 bytes each, that
-- the answer's digest stands for; both are kept, for neither proves anything alone.
CREATE TABLE exchange.roll_call (
    roll    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked   bytea NOT NULL CHECK (octet_length(asked) > 0 AND octet_length(asked) % 32 = 0),
    answer  bytea NOT NULL,
    held_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER roll_call_stays BEFORE UPDATE OR DELETE ON exchange.roll_call
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- A packet is acknowledged by its own receipt, by a roll call, or by both: the receipt may come later.
ALTER TABLE exchange.outbox ADD COLUMN roll bigint REFERENCES exchange.roll_call;
ALTER TABLE exchange.outbox DROP CONSTRAINT outbox_check, DROP CONSTRAINT outbox_check2;
ALTER TABLE exchange.outbox
    ADD CONSTRAINT outbox_acknowledged CHECK ((receipt IS NOT NULL OR roll IS NOT NULL) = (acknowledged_at IS NOT NULL)),
    ADD CONSTRAINT outbox_done_or_aside CHECK (acknowledged_at IS NULL OR code IS NULL);
CREATE OR REPLACE FUNCTION exchange.outbox_receipt_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.receipt IS NOT NULL OR OLD.acknowledged_at IS DISTINCT FROM NEW.acknowledged_at
       AND OLD.acknowledged_at IS NOT NULL OR OLD.roll IS NOT NULL AND OLD.roll IS DISTINCT FROM NEW.roll THEN
        RAISE EXCEPTION 'an acknowledged packet stays acknowledged' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
DROP INDEX exchange.outbox_waiting;
CREATE INDEX outbox_waiting ON exchange.outbox (queued) WHERE acknowledged_at IS NULL;
CREATE INDEX outbox_set_aside ON exchange.outbox (queued) WHERE code IS NOT NULL;
