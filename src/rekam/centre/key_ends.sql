-- name: lock_shared
-- Recordings that a key confirmed may pass side by side, but none beside the word that it ended.
SELECT pg_advisory_xact_lock_shared(hashtextextended('rekam key ' || %(key)s, 0))

-- name: lock
-- Alone with a key until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('rekam key ' || %(key)s, 0))

-- name: put
-- A station's first word on a key stands; an office may draw the cut of who it stopped earlier.
INSERT INTO key_ended (station, key, office, epoch, subject, name, role, why, after, head, said_at)
VALUES (%(station)s, %(key)s, %(office)s, %(epoch)s, %(subject)s, %(name)s, %(role)s, %(why)s, %(after)s, %(head)s,
        %(said_at)s) ON CONFLICT DO NOTHING

-- name: of_key
-- The word on a key of a station; of several, the one with the earliest cut.
SELECT station, epoch, key, subject, name, role, why, after, head FROM key_ended
WHERE (station, key) = (%(station)s, %(key)s) ORDER BY epoch, after LIMIT 1

-- name: note
-- Whose keys confirmed a recording; running the stage again notes the same.
UPDATE enrolment_case SET confirmed_by = %(keys)s WHERE packet_id = %(packet_id)s

-- name: doubtful
-- Recordings that a key confirmed and that lie beyond its end, or share their number with another packet; without those
-- that wait for such a word already.
SELECT p.packet_id, p.epoch, p.sequence FROM exchange.packet p JOIN enrolment_case c USING (packet_id)
WHERE p.station = %(station)s AND p.epoch >= %(epoch)s AND c.confirmed_by @> ARRAY[%(key)s::text]
  AND (p.epoch > %(epoch)s OR p.sequence >= %(after)s
       OR EXISTS (SELECT 1 FROM exchange.packet q WHERE (q.station, q.epoch, q.sequence) = (p.station, p.epoch, p.sequence)
                  AND q.packet_id <> p.packet_id))
  AND NOT EXISTS (SELECT 1 FROM exchange.withheld w WHERE (w.packet_id, w.standing, w.verdict) = (p.packet_id, 'key-ended', ''))
ORDER BY p.epoch, p.sequence

-- name: place_of
-- Where a packet stands in its station's chain.
SELECT station, epoch, sequence FROM exchange.packet WHERE packet_id = %(packet_id)s

-- name: confirmed_by
-- Whose keys confirmed a recording.
SELECT c.station, c.confirmed_by FROM enrolment_case c WHERE c.packet_id = %(packet_id)s

-- name: listed
-- Every key that ended, the newest word first, with how many recordings wait because of it; one that several words keep
-- waiting counts with the earliest cut.
SELECT e.station, e.epoch, e.key, e.subject, e.name, e.role, e.why, e.after, e.head, e.office, e.heard_at,
       (SELECT count(*) FROM exchange.withheld w JOIN enrolment_case c USING (packet_id)
        WHERE w.standing = 'key-ended' AND w.verdict = '' AND c.station = e.station
          AND c.confirmed_by @> ARRAY[e.key]
          AND NOT EXISTS (SELECT 1 FROM key_ended o WHERE o.station = e.station AND c.confirmed_by @> ARRAY[o.key]
                          AND (o.epoch, o.after, o.heard) < (e.epoch, e.after, e.heard)))
FROM key_ended e ORDER BY e.heard DESC LIMIT %(limit)s
