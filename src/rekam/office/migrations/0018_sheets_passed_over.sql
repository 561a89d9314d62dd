-- A card bears the number of its line in the blank ledger. What lines this server had after its keepsake, or its image,
-- it cannot know; since a rebuilding they go on above `sheets`, so that no two cards bear one number.
ALTER TABLE rebuilt ADD COLUMN sheets bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION blank_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last blank_ledger;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('rekam blank ledger', 0));
    SELECT * INTO last FROM blank_ledger ORDER BY entry DESC LIMIT 1;
    NEW.entry := 1 + greatest(coalesce(last.entry, 0), (SELECT coalesce(max(sheets), 0) FROM rebuilt));
    NEW.balance := coalesce(last.balance, 0) + NEW.change;
    RETURN NEW;
END $$;
