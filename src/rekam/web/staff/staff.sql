-- name: find_member
-- The member of staff of one name.
SELECT name, roles, password_hash FROM staff_member WHERE name = %(name)s

-- name: list_members
-- Everybody, by name.
SELECT name, roles, password_hash FROM staff_member ORDER BY name

-- name: add_member
-- Add a person; the primary key refuses a second one of that name.
INSERT INTO staff_member (name, roles, password_hash) VALUES (%(name)s, %(roles)s, %(password_hash)s)

-- name: forget_attempts
-- Wrong passwords are not held against anybody for ever, and made-up names do not fill the table.
DELETE FROM staff_attempt WHERE allowed_at < now() - %(after)s

-- name: count_attempt
-- Count one more attempt and set the next waiting time; returns no row while the present one lasts.
INSERT INTO staff_attempt AS present (name, failures, allowed_at)
VALUES (%(name)s, 1, now() + make_interval(secs => (%(delays)s::float8[])[1]))
ON CONFLICT (name) DO UPDATE
SET failures = present.failures + 1,
    allowed_at = now() + make_interval(
        secs => (%(delays)s::float8[])[least(present.failures + 1, cardinality(%(delays)s::float8[]))]
    )
WHERE present.allowed_at <= now()
RETURNING failures

-- name: waiting_time
-- How long until the next attempt.
SELECT greatest(allowed_at - now(), interval '0') FROM staff_attempt WHERE name = %(name)s

-- name: forgive
-- The password was right.
DELETE FROM staff_attempt WHERE name = %(name)s

-- name: end_old_sessions
-- Clear away sessions that have ended by themselves.
DELETE FROM staff_session WHERE used_at < now() - %(idle)s OR opened_at < now() - %(lifetime)s

-- name: open_session
-- Begin a session.
INSERT INTO staff_session (token_hash, name) VALUES (%(token_hash)s, %(name)s)

-- name: use_session
-- Whose session this is, unless it has ended; counts as used now.
UPDATE staff_session AS session
SET used_at = now()
FROM staff_member AS member
WHERE session.token_hash = %(token_hash)s
  AND session.used_at >= now() - %(idle)s
  AND session.opened_at >= now() - %(lifetime)s
  AND member.name = session.name
RETURNING member.name, member.roles, member.password_hash

-- name: close_session
-- Sign out.
DELETE FROM staff_session WHERE token_hash = %(token_hash)s
