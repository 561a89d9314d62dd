-- Copies that an office lets go after its own retention (never 3; by default it keeps them for ever): a row is committed
-- before the file goes, `gone_at` set when the folder is durable without it. Packet, receipts and status stay.
CREATE TABLE exchange.purge (
    packet_id text PRIMARY KEY REFERENCES exchange.packet,
    going_at  timestamptz NOT NULL DEFAULT now(),
    gone_at   timestamptz
);
CREATE INDEX purge_going ON exchange.purge (packet_id) WHERE gone_at IS NULL;
CREATE FUNCTION exchange.only_the_accepted_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM exchange.outbox o WHERE o.packet_id = NEW.packet_id AND o.receipt IS NOT NULL) THEN
        RAISE EXCEPTION 'a packet that is not accepted is never purged' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER only_the_accepted_goes BEFORE INSERT ON exchange.purge
    FOR EACH ROW EXECUTE FUNCTION exchange.only_the_accepted_goes();
CREATE FUNCTION exchange.gone_is_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.gone_at IS NOT NULL OR (TG_OP = 'UPDATE' AND NEW.packet_id <> OLD.packet_id) THEN
        RAISE EXCEPTION 'a copy that is gone stays gone' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER gone_is_gone BEFORE UPDATE OR DELETE ON exchange.purge
    FOR EACH ROW EXECUTE FUNCTION exchange.gone_is_gone();
