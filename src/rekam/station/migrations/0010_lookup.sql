-- Names by their sound (docs/adr/0041). `edition` says which spelling rules a resident's sounds were made by; 0: not
-- yet. A new edition makes all of it anew, piece by piece.
ALTER TABLE resident ADD COLUMN edition integer NOT NULL DEFAULT 0;
CREATE INDEX resident_by_edition ON resident (edition);
CREATE INDEX resident_by_birth_date ON resident (birth_date);

CREATE TABLE name_sound (
    id      integer PRIMARY KEY,
    sound   text NOT NULL UNIQUE,
    people  integer NOT NULL DEFAULT 0
) STRICT;
-- A sound, and what is left of it when one letter is missing.
CREATE TABLE name_key (
    key    text NOT NULL,
    sound  integer NOT NULL REFERENCES name_sound,
    PRIMARY KEY (key, sound)
) STRICT, WITHOUT ROWID;
-- Who has a sound in their name; the NIK as a number, which is half the size.
CREATE TABLE name_bearer (
    sound  integer NOT NULL REFERENCES name_sound,
    nik    integer NOT NULL,
    PRIMARY KEY (sound, nik)
) STRICT, WITHOUT ROWID;
