-- The portal's copy of the centre's public log (docs/adr/0028): commitments, which name nobody, and the hashes over
-- them. What the portal witnessed, and the offices' cosignatures, lie in the schema exchange.
CREATE TABLE mirror_entry (
    position bigint PRIMARY KEY CHECK (position >= 0),
    entry    bytea NOT NULL
);
CREATE INDEX mirror_entry_code ON mirror_entry (substring(entry for 10));
CREATE TRIGGER mirror_entry_stays BEFORE UPDATE OR DELETE ON mirror_entry
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
CREATE TABLE mirror_node (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 62),
    index bigint NOT NULL CHECK (index >= 0),
    hash  bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, index)
);
CREATE TRIGGER mirror_node_stays BEFORE UPDATE OR DELETE ON mirror_node
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();

-- When this copy last reached the newest checkpoint, on this database's clock.
CREATE TABLE log_contact (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    reached_at timestamptz NOT NULL
);
