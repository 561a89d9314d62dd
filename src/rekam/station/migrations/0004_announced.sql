-- What the feed announced: a version of a name, and the part that is its content. A version that is not higher than all
-- of its name never gets in (never 18), and no row ever changes.
CREATE TABLE announced (
    name     text NOT NULL,
    version  integer NOT NULL CHECK (version > 0),
    part     text NOT NULL,
    size     integer NOT NULL CHECK (size > 0),
    PRIMARY KEY (name, version)
) STRICT;
CREATE TRIGGER announced_grows BEFORE INSERT ON announced
WHEN EXISTS (SELECT 1 FROM announced WHERE name = new.name AND version >= new.version)
BEGIN SELECT raise(ABORT, 'a version does not follow what is known'); END;
CREATE TRIGGER announced_stays BEFORE UPDATE ON announced
BEGIN SELECT raise(ABORT, 'what was announced stays as it is'); END;
CREATE TRIGGER announced_is_kept BEFORE DELETE ON announced
BEGIN SELECT raise(ABORT, 'what was announced stays as it is'); END;
