-- name: joined
-- Who came to a station after it was provisioned.
SELECT r.subject, r.name, r.role FROM key_request r JOIN key_issue i USING (request)
WHERE r.why = 'new' AND r.station = %(station)s ORDER BY r.opened
