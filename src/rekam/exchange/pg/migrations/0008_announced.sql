-- What the feed announced (at the centre: what was published): a version of a name, and the part that is its content.
-- A version that is not higher than all of its name never gets in (never 18), and no row ever changes.
CREATE TABLE exchange.announced (
    name      text NOT NULL CHECK (name <> ''),
    version   integer NOT NULL CHECK (version > 0),
    part      text NOT NULL CHECK (part ~ '^[0-9a-f]{64}$'),
    size      bigint NOT NULL CHECK (size > 0),
    noted_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, version)
);
CREATE FUNCTION exchange.announced_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM exchange.announced WHERE name = NEW.name AND version >= NEW.version) THEN
        RAISE EXCEPTION 'version % of % does not follow what is known', NEW.version, NEW.name
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER announced_grows BEFORE INSERT ON exchange.announced
    FOR EACH ROW EXECUTE FUNCTION exchange.announced_grows();
CREATE TRIGGER announced_stays BEFORE UPDATE OR DELETE ON exchange.announced
    FOR EACH ROW EXECUTE FUNCTION exchange.refuse();
