-- name: newest_issue
-- The newest installation of a station that this office set up anew.
SELECT request, epoch, chain FROM recovery_issue WHERE station = %(station)s ORDER BY epoch DESC LIMIT 1

-- name: earlier
-- The installations of a station before one of them, as far as this office knows of them.
SELECT epoch FROM (
    SELECT 1 AS epoch
    UNION SELECT epoch FROM exchange.packet WHERE station = %(station)s
    UNION SELECT epoch FROM recovery_issue WHERE station = %(station)s
) AS known WHERE epoch < %(epoch)s ORDER BY epoch

-- name: accepted
-- The packets of one installation that the centre accepted.
SELECT p.packet_id FROM exchange.packet p JOIN exchange.outbox o USING (packet_id)
WHERE p.station = %(station)s AND p.epoch = %(epoch)s AND o.receipt IS NOT NULL

-- name: last_heard
-- How many packets came of a station's installations, the highest number of each, and when the last one came.
SELECT epoch, count(*), max(sequence), max(received_at), count(*) - count(DISTINCT sequence)
FROM exchange.packet WHERE station = %(station)s GROUP BY epoch ORDER BY epoch

-- name: note_found
-- What the station found of its old installation.
INSERT INTO recovery_found (request, found) VALUES (%(request)s, %(found)s)

-- name: found
-- The newest word of the station.
SELECT found, at FROM recovery_found WHERE request = %(request)s ORDER BY id DESC LIMIT 1

-- name: remembered
-- Of one installation of a station: the highest number with its packets, and how many numbers came twice.
SELECT sequence, array_agg(packet_id ORDER BY arrival),
       (SELECT count(*) FROM exchange.fork f WHERE f.station = %(station)s AND f.epoch = %(epoch)s)
FROM exchange.packet WHERE station = %(station)s AND epoch = %(epoch)s
GROUP BY sequence ORDER BY sequence DESC LIMIT 1
