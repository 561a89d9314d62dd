-- name: joined
-- Who came to a station after it was provisioned, or became its supervisor; the newest word on somebody is the last.
SELECT r.subject, r.name, r.role FROM key_request r JOIN key_issue i USING (request)
WHERE r.why IN ('new', 'appointed') AND r.station = %(station)s ORDER BY r.opened

-- name: stopped
-- Whose keys two officials stopped at a station.
SELECT s.subject FROM key_stop s JOIN key_stop_word w USING (number) WHERE s.station = %(station)s
