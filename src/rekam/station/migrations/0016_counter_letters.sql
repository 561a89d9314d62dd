-- The letters under which this counter calls (docs/adr/0039): a supervisor's word, in force from the next service day on.
-- A day that is under way keeps the letters that it was opened with.
CREATE TABLE counter_letters (
    change    integer PRIMARY KEY AUTOINCREMENT,
    recording text NOT NULL CHECK (length(recording) = 1 AND recording BETWEEN 'A' AND 'Z'),
    papers    text NOT NULL CHECK (length(papers) = 1 AND papers BETWEEN 'A' AND 'Z' AND papers <> recording),
    set_by    text NOT NULL,
    at        text NOT NULL
) STRICT;
CREATE TRIGGER counter_letters_stay BEFORE UPDATE ON counter_letters
BEGIN SELECT raise(ABORT, 'what was planned stays noted'); END;
CREATE TRIGGER counter_letters_are_kept BEFORE DELETE ON counter_letters
BEGIN SELECT raise(ABORT, 'what was planned stays noted'); END;
ALTER TABLE service_day ADD COLUMN letters text NOT NULL DEFAULT '';  -- recording's, then papers'; '' for the usual ones
