-- name: one_at_a_time
-- Lives begin one after the other: none gets another's number.
LOCK TABLE office_life IN SHARE ROW EXCLUSIVE MODE

-- name: begin
-- The next life of an office: at least this one, above all before.
INSERT INTO office_life (office, life)
SELECT %(office)s, greatest(%(least)s, 10 + coalesce(max(life), 0)) FROM office_life WHERE office = %(office)s
RETURNING life
