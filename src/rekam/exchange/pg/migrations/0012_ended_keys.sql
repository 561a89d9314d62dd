-- A packet may wait because somebody confirmed it with a key that had ended, fence or not (docs/adr/0051).
ALTER TABLE exchange.withheld
    DROP CONSTRAINT withheld_standing_check,
    ADD CHECK (standing IN ('beyond', 'off-chain', 'unproved', 'key-ended'));
