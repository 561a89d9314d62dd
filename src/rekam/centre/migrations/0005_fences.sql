-- A packet that a fence withholds gets no result but REJECTED, and leaves its queue only by a verdict (docs/adr/0031).
CREATE FUNCTION refuse_withheld_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM exchange.withheld w WHERE w.packet_id = NEW.packet_id AND w.verdict IN ('', 'rejected')
    ) THEN
        RAISE EXCEPTION 'packet % is withheld', NEW.packet_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER result_is_not_withheld BEFORE INSERT ON result FOR EACH ROW
    WHEN (NEW.status <> 'REJECTED') EXECUTE FUNCTION refuse_withheld_result();

CREATE FUNCTION refuse_withheld_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM exchange.withheld w WHERE w.packet_id = NEW.packet_id AND w.verdict = '') THEN
        RAISE EXCEPTION 'packet % waits for a verdict', NEW.packet_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER withheld_waits BEFORE UPDATE ON packet_stage FOR EACH ROW
    WHEN (OLD.queue = 'quarantine' AND NEW.queue IS NULL) EXECUTE FUNCTION refuse_withheld_release();
