-- Corrected biodata (docs/adr/0052). `version` counts the office's corrections, 0: as the station was set up; `note` is what
-- the family card counter says beside them, `since` the legal date of that, `told_at` when it came here, in legal time.
ALTER TABLE resident ADD COLUMN version integer NOT NULL DEFAULT 0;
ALTER TABLE resident ADD COLUMN note text NOT NULL DEFAULT '';
ALTER TABLE resident ADD COLUMN since text NOT NULL DEFAULT '';
ALTER TABLE resident ADD COLUMN told_at text NOT NULL DEFAULT '';
CREATE TRIGGER resident_goes_on BEFORE UPDATE ON resident WHEN new.version < old.version
BEGIN SELECT raise(ABORT, 'older biodata never replace newer ones'); END;
CREATE INDEX resident_by_version ON resident (version) WHERE version > 0;
