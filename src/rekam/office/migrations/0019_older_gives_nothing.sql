-- Whoever writes: while this server is known to be older than the office's own word, nothing that is numbered is given
-- (docs/adr/0056). What a rebuilding passes over (station '-') is given to nobody.
CREATE FUNCTION older_gives_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM own_past WHERE life = (SELECT coalesce(max(epochs), 1) FROM rebuilt)) THEN
        RAISE EXCEPTION 'this server is older than its own word' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_block_of_no_older BEFORE INSERT ON letter_block
    FOR EACH ROW WHEN (NEW.station <> '-') EXECUTE FUNCTION older_gives_nothing();
CREATE TRIGGER recovery_issue_of_no_older BEFORE INSERT ON recovery_issue
    FOR EACH ROW EXECUTE FUNCTION older_gives_nothing();
CREATE TRIGGER key_issue_of_no_older BEFORE INSERT ON key_issue
    FOR EACH ROW EXECUTE FUNCTION older_gives_nothing();
CREATE TRIGGER card_of_no_older BEFORE INSERT ON card
    FOR EACH ROW EXECUTE FUNCTION older_gives_nothing();
