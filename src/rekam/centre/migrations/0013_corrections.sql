-- What offices signed of residents, as recordings brought it (docs/adr/0057): evidence beside the register, whose own
-- rows it never changes. Of one NIK an office's highest version is its word; two that share a version are no word at all.
CREATE TABLE correction (
    nik_hash   bytea NOT NULL,
    office     text NOT NULL,
    version    bigint NOT NULL,
    digest     bytea NOT NULL CHECK (length(digest) = 32),
    packet_id  text NOT NULL REFERENCES enrolment_case,
    sealed     bytea NOT NULL,
    heard_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (nik_hash, office, version, digest)
);
CREATE TRIGGER correction_stays BEFORE UPDATE OR DELETE ON correction FOR EACH ROW EXECUTE FUNCTION refuse_change();
