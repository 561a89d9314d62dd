-- The centre tells of printed cards, too: what this office said itself comes back to its stations, and to an office that was
-- rebuilt.
ALTER TABLE told DROP CONSTRAINT told_kind_check;
ALTER TABLE told ADD CONSTRAINT told_kind_check
    CHECK (kind IN ('accepted', 'progress', 'result', 'print_order', 'card'));
