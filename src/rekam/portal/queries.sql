-- name: set_status
-- The centre's newest word about one key.
INSERT INTO resident_status AS known (key, status, at, entry) VALUES (%(key)s, %(status)s, %(at)s, %(entry)s)
ON CONFLICT (key) DO UPDATE SET status = excluded.status, at = excluded.at, entry = excluded.entry
WHERE known.entry < excluded.entry

-- name: put_notice
-- A notice of the centre; numbers are never used twice.
INSERT INTO notice (number, at, text_id, text_en, todo_id, todo_en)
VALUES (%(number)s, %(at)s, %(text_id)s, %(text_en)s, %(todo_id)s, %(todo_en)s) ON CONFLICT DO NOTHING

-- name: status_of
-- The status under one key.
SELECT status, at FROM resident_status WHERE key = %(key)s

-- name: notices
-- Newest first.
SELECT number, at, text_id, text_en, todo_id, todo_en FROM notice ORDER BY number DESC LIMIT %(limit)s

-- name: answered
-- The centre answered just now.
INSERT INTO contact (answered_at) VALUES (now()) ON CONFLICT (one) DO UPDATE SET answered_at = now()

-- name: contact
-- When the centre last answered, and how many seconds ago.
SELECT answered_at, extract(epoch FROM now() - answered_at)::float8 FROM contact

-- name: counts
-- How much this copy holds.
SELECT (SELECT count(*) FROM resident_status), (SELECT count(*) FROM notice)
