-- The public log (docs/adr/0024): the commitments of accepted packets in the order of their acceptance, and the hashes
-- of all complete subtrees over them. Only the centre writes here. Nothing in it ever changes.
CREATE TABLE exchange.log_entry (
    position  bigint PRIMARY KEY CHECK (position >= 0),
    packet_id text NOT NULL UNIQUE REFERENCES exchange.packet DEFERRABLE INITIALLY DEFERRED,
    entry     bytea NOT NULL CHECK (octet_length(entry) = 32)
);
CREATE TABLE exchange.log_node (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 62),
    index bigint NOT NULL CHECK (index >= 0),
    hash  bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, index)
);
CREATE TRIGGER log_entry_stays BEFORE UPDATE OR DELETE ON exchange.log_entry
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
CREATE TRIGGER log_node_stays BEFORE UPDATE OR DELETE ON exchange.log_node
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
