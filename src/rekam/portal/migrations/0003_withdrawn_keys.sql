-- Stations' keys that are no longer believed, for whoever verifies a paper. The first word of each stands.
CREATE TABLE withdrawn_key (
    station     text NOT NULL,
    epoch       integer NOT NULL,
    "after"     bigint NOT NULL,
    at_ms       bigint NOT NULL,
    log_size    bigint NOT NULL,
    PRIMARY KEY (station, epoch)
);
CREATE FUNCTION withdrawn_key_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a withdrawn key stays withdrawn' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER withdrawn_key_stays BEFORE UPDATE OR DELETE ON withdrawn_key
    FOR EACH ROW EXECUTE FUNCTION withdrawn_key_stays();
