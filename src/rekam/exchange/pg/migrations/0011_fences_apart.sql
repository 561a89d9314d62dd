-- A fence vouches for packets of its own epoch alone: what another office names in one of its fences is no word on them.
ALTER TABLE exchange.fence_held DROP CONSTRAINT fence_held_pkey, ADD PRIMARY KEY (station, epoch, packet_id);
DROP INDEX exchange.fence_held_of;

-- A verdict may reach an office before the packet it speaks of: one that a courier took straight to the centre, or that
-- comes back to a rebuilt office.
CREATE TABLE exchange.verdict_ahead (
    packet_id text PRIMARY KEY CHECK (packet_id ~ '^[0-9a-f]{64}$'),
    verdict   text NOT NULL CHECK (verdict IN ('released', 'rejected')),
    by_whom   text NOT NULL CHECK (by_whom <> ''),
    note      text NOT NULL CHECK (note <> '')
);
CREATE TRIGGER verdict_ahead_stays BEFORE UPDATE OR DELETE ON exchange.verdict_ahead
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
