-- Papers (docs/adr/0044). Every copy says why it was made; what was handed out is never rewritten.
ALTER TABLE paper ADD COLUMN reason text NOT NULL DEFAULT '';
CREATE TRIGGER paper_stays BEFORE UPDATE ON paper
BEGIN SELECT raise(ABORT, 'what was handed out stays in the register'); END;
CREATE TRIGGER paper_is_kept BEFORE DELETE ON paper
BEGIN SELECT raise(ABORT, 'what was handed out stays in the register'); END;

-- The station's own queue. A paper is kept here until the printer has it on paper; then its bytes go.
CREATE TABLE print_job (
    job       integer PRIMARY KEY AUTOINCREMENT,
    packet_id text NOT NULL REFERENCES recording,
    kind      text NOT NULL,
    copy      integer NOT NULL,
    title     text NOT NULL,
    by        text NOT NULL,
    at        text NOT NULL,
    state     text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'done', 'shown', 'uncertain', 'dropped')),
    number    integer,
    trouble   blob,
    pdf       blob,
    UNIQUE (packet_id, kind, copy)
) STRICT;
CREATE INDEX print_job_open ON print_job (job) WHERE state IN ('waiting', 'sending', 'sent', 'uncertain');
CREATE TRIGGER print_job_ends BEFORE UPDATE ON print_job
WHEN old.state IN ('done', 'shown', 'dropped')
BEGIN SELECT raise(ABORT, 'a paper that was printed is not printed again under its mark'); END;

-- Numbers of letters: blocks that the office gave, each with its signed word, and what became of each number.
CREATE TABLE letter_block (
    year   integer NOT NULL,
    first  integer NOT NULL CHECK (first > 0),
    last   integer NOT NULL CHECK (last >= first),
    word   blob NOT NULL,
    PRIMARY KEY (year, first)
) STRICT;
CREATE TRIGGER letter_block_stays BEFORE UPDATE ON letter_block
BEGIN SELECT raise(ABORT, 'a block of numbers stays as it was given'); END;
CREATE TRIGGER letter_block_is_kept BEFORE DELETE ON letter_block
BEGIN SELECT raise(ABORT, 'a block of numbers stays as it was given'); END;
CREATE TABLE letter (
    year      integer NOT NULL,
    number    integer NOT NULL,
    packet_id text REFERENCES recording,
    at        text NOT NULL,
    by        text NOT NULL,
    void      text,
    void_at   text,
    void_by   text,
    told      integer NOT NULL DEFAULT 0,
    PRIMARY KEY (year, number)
) STRICT;
CREATE UNIQUE INDEX letter_of_recording ON letter (packet_id) WHERE void IS NULL AND packet_id IS NOT NULL;
CREATE INDEX letter_untold ON letter (year, number) WHERE told = 0;
CREATE TRIGGER letter_stays BEFORE UPDATE ON letter
WHEN new.packet_id IS NOT old.packet_id OR new.at <> old.at OR new.by <> old.by
  OR (old.void IS NOT NULL AND new.void IS NOT old.void)
BEGIN SELECT raise(ABORT, 'a number of a letter is never given again'); END;
CREATE TRIGGER letter_is_kept BEFORE DELETE ON letter
BEGIN SELECT raise(ABORT, 'a number of a letter is never given again'); END;
DROP TABLE suket_number;
