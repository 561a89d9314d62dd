-- The offline check of the stations: who was recorded before Rekam, and whom the newest snapshot with its deltas tells.
-- Keyed hashes only.
CREATE TABLE recorded_before (
    check_hash     bytea PRIMARY KEY CHECK (octet_length(check_hash) = 32),
    nik_shard      text NOT NULL
);
CREATE TRIGGER recorded_before_stays BEFORE UPDATE OR DELETE ON recorded_before
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Everybody whose recording counts: who was told to record again does not.
CREATE VIEW counted_recording AS
    SELECT check_hash, nik_shard FROM enrolment_case
    WHERE check_hash IS NOT NULL AND status NOT IN ('REJECTED', 'ENROLL_FAILURE_AT_CENTRAL')
    UNION
    SELECT check_hash, nik_shard FROM recorded_before;

-- A difference of sets, not a time up to which was looked: what commits late is in the next delta.
CREATE TABLE filter_told (
    check_hash     bytea PRIMARY KEY,
    nik_shard      text NOT NULL
);
CREATE INDEX filter_told_by_shard ON filter_told (nik_shard);

-- What was published: delta 0 is the snapshot itself. The number of an edition is its version in exchange.announced.
CREATE TABLE filter_publication (
    edition        integer NOT NULL CHECK (edition > 0),
    delta          integer NOT NULL CHECK (delta >= 0),
    people         bigint NOT NULL,
    as_of          date NOT NULL,
    published_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (edition, delta)
);
CREATE TRIGGER filter_publication_is_final BEFORE UPDATE OR DELETE ON filter_publication
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TABLE filter_edition;
