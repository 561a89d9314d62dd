-- Where belief in a station's old key ends, and the packets that wait for it (docs/adr/0031): at office and centre alike.
CREATE TABLE exchange.fence (
    station   text NOT NULL,
    epoch     integer NOT NULL CHECK (epoch > 0),
    after     bigint NOT NULL CHECK (after >= 0),
    head      text NOT NULL,
    at_ms     bigint NOT NULL,
    reason    text NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (station, epoch)
);
CREATE TABLE exchange.fence_held (
    packet_id text PRIMARY KEY CHECK (packet_id ~ '^[0-9a-f]{64}$'),
    station   text NOT NULL,
    epoch     integer NOT NULL,
    FOREIGN KEY (station, epoch) REFERENCES exchange.fence
);
CREATE INDEX fence_held_of ON exchange.fence_held (station, epoch);
CREATE TRIGGER fence_stays BEFORE UPDATE OR DELETE ON exchange.fence
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
CREATE TRIGGER fence_held_stays BEFORE UPDATE OR DELETE ON exchange.fence_held
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- A packet that a fence does not vouch for: it waits until people decide, or the chain proves it. One verdict, for ever.
CREATE TABLE exchange.withheld (
    packet_id  text PRIMARY KEY REFERENCES exchange.packet,
    since      bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    standing   text NOT NULL CHECK (standing IN ('beyond', 'off-chain', 'unproved')),
    verdict    text NOT NULL DEFAULT '' CHECK (verdict IN ('', 'released', 'rejected', 'proved')),
    by_whom    text NOT NULL DEFAULT '',
    note       text NOT NULL DEFAULT '',
    decided_at timestamptz,
    CHECK (verdict NOT IN ('released', 'rejected') OR (by_whom <> '' AND note <> ''))
);
CREATE FUNCTION exchange.verdict_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.verdict <> '' OR (NEW.packet_id, NEW.standing) <> (OLD.packet_id, OLD.standing) THEN
        RAISE EXCEPTION 'a verdict stays' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.decided_at := now();
    RETURN NEW;
END
$$;
CREATE TRIGGER verdict_stays BEFORE UPDATE OR DELETE ON exchange.withheld
    FOR EACH ROW EXECUTE FUNCTION exchange.verdict_stays();
