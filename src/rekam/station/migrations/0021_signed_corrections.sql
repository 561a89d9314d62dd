-- The newest correction of a resident as the office signed it: what the centre is shown with the recording
-- (docs/adr/0057).
ALTER TABLE resident ADD COLUMN signed blob;
