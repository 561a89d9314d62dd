-- Copies of accepted packets go after their retention (never 3): `going_at` is committed before the file goes, `gone_at`
-- when the folder is durable without it. Recording, receipts, salt and templates stay.
ALTER TABLE recording ADD COLUMN going_at text;
ALTER TABLE recording ADD COLUMN gone_at text;
CREATE INDEX recording_going ON recording (sequence) WHERE going_at IS NOT NULL AND gone_at IS NULL;
CREATE TRIGGER only_the_accepted_goes BEFORE UPDATE ON recording
WHEN new.going_at IS NOT NULL
 AND (new.acceptance_receipt IS NULL OR EXISTS (SELECT 1 FROM outbox WHERE packet_id = new.packet_id))
BEGIN SELECT raise(ABORT, 'a packet that is not accepted, or still to send, is never purged'); END;
CREATE TRIGGER gone_is_gone BEFORE UPDATE ON recording
WHEN (new.gone_at IS NOT NULL AND new.going_at IS NULL)
  OR (old.gone_at IS NOT NULL AND (new.gone_at IS NOT old.gone_at OR new.going_at IS NOT old.going_at))
BEGIN SELECT raise(ABORT, 'a copy that is gone stays gone'); END;
