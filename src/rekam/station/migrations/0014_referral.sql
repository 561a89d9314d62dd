-- Referrals (docs/adr/0049): biodata that do not agree with a resident's papers, for whoever corrects the family card. What
-- was told stays; whether it was corrected since follows from the extract.
CREATE TABLE referral (
    epoch      integer NOT NULL CHECK (epoch > 0),
    n          integer NOT NULL CHECK (n > 0),
    nik        text NOT NULL,
    sitting_id text NOT NULL,
    by         text NOT NULL,
    at         text NOT NULL,
    said       blob NOT NULL,
    PRIMARY KEY (epoch, n)
) STRICT;
CREATE INDEX referral_of_nik ON referral (nik);
CREATE INDEX referral_of_sitting ON referral (sitting_id);
CREATE TRIGGER referral_stays BEFORE UPDATE ON referral BEGIN SELECT raise(ABORT, 'a referral stays as it was told'); END;
CREATE TRIGGER referral_is_kept BEFORE DELETE ON referral BEGIN SELECT raise(ABORT, 'a referral is never removed'); END;

-- Every copy of it that was handed out.
CREATE TABLE referral_copy (
    epoch    integer NOT NULL,
    n        integer NOT NULL,
    copy     integer NOT NULL CHECK (copy > 0),
    operator text NOT NULL,
    at       text NOT NULL,
    reason   text NOT NULL,
    PRIMARY KEY (epoch, n, copy),
    FOREIGN KEY (epoch, n) REFERENCES referral
) STRICT;
CREATE TRIGGER referral_copy_stays BEFORE UPDATE ON referral_copy
BEGIN SELECT raise(ABORT, 'what was handed out stays in the register'); END;
CREATE TRIGGER referral_copy_is_kept BEFORE DELETE ON referral_copy
BEGIN SELECT raise(ABORT, 'what was handed out stays in the register'); END;

-- The queue of papers holds referrals as well: `about` is a packet's id, or a referral's.
ALTER TABLE print_job RENAME TO print_job_of_packets;
DROP INDEX print_job_open;
DROP TRIGGER print_job_ends;
CREATE TABLE print_job (
    job       integer PRIMARY KEY AUTOINCREMENT,
    about     text NOT NULL,
    kind      text NOT NULL,
    copy      integer NOT NULL,
    title     text NOT NULL,
    by        text NOT NULL,
    at        text NOT NULL,
    state     text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'done', 'shown', 'uncertain', 'dropped')),
    number    integer,
    trouble   blob,
    pdf       blob,
    UNIQUE (about, kind, copy)
) STRICT;
INSERT INTO print_job SELECT job, packet_id, kind, copy, title, by, at, state, number, trouble, pdf FROM print_job_of_packets;
DROP TABLE print_job_of_packets;
CREATE INDEX print_job_open ON print_job (job) WHERE state IN ('waiting', 'sending', 'sent', 'uncertain');
CREATE TRIGGER print_job_ends BEFORE UPDATE ON print_job
WHEN old.state IN ('done', 'shown', 'dropped')
BEGIN SELECT raise(ABORT, 'a paper that was printed is not printed again under its mark'); END;
