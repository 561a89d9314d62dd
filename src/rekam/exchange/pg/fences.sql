-- name: lock_shared
-- Arrivals of one epoch may go side by side, but none beside the raising of its fence.
SELECT pg_advisory_xact_lock_shared(hashtextextended('rekam fence ' || %(station)s || '/' || %(epoch)s::text, 0))

-- name: lock
-- Alone with this epoch until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('rekam fence ' || %(station)s || '/' || %(epoch)s::text, 0))

-- name: lock_chain
-- Of those that walk a fenced epoch one at a time: packets that arrive side by side would not see that together they
-- lead up to the head. Taken with lock_shared in hand, never the other way round.
SELECT pg_advisory_xact_lock(hashtextextended('rekam chain ' || %(station)s || '/' || %(epoch)s::text, 0))

-- name: fence_of
-- The fence on one epoch.
SELECT station, epoch, after, head, at_ms, reason FROM exchange.fence
WHERE (station, epoch) = (%(station)s, %(epoch)s)

-- name: held
-- The packets that the office believed although the chain to the head has holes.
SELECT packet_id FROM exchange.fence_held WHERE (station, epoch) = (%(station)s, %(epoch)s)

-- name: fences
-- Every fence, newest first.
SELECT station, epoch, after, head, at_ms, reason FROM exchange.fence ORDER BY raised_at DESC, station, epoch DESC

-- name: put
-- The first fence of an epoch stands for ever.
INSERT INTO exchange.fence (station, epoch, after, head, at_ms, reason)
VALUES (%(station)s, %(epoch)s, %(after)s, %(head)s, %(at_ms)s, %(reason)s) ON CONFLICT DO NOTHING

-- name: put_held
-- With the packets that it vouches for by name.
INSERT INTO exchange.fence_held (packet_id, station, epoch)
SELECT unnest(%(held)s::text[]), %(station)s, %(epoch)s ON CONFLICT DO NOTHING

-- name: is_held
-- Whether the fence of this very epoch vouches for one packet by name.
SELECT 1 FROM exchange.fence_held
WHERE (station, epoch, packet_id) = (%(station)s, %(epoch)s, %(packet_id)s)

-- name: links
-- What of this epoch is here.
SELECT sequence, packet_id, encode(previous, 'hex') FROM exchange.packet
WHERE (station, epoch) = (%(station)s, %(epoch)s)

-- name: withhold
-- A packet that the fence does not vouch for; once withheld it stays in this list. One that the chain proved waits again
-- when somebody confirmed it with a key that had ended.
INSERT INTO exchange.withheld AS w (packet_id, standing) VALUES (%(packet_id)s, %(standing)s)
ON CONFLICT (packet_id) DO UPDATE SET standing = excluded.standing, verdict = ''
WHERE (w.verdict, excluded.standing) = ('proved', 'key-ended')

-- name: unproved
-- Those of an epoch that wait for the packets between.
SELECT packet_id FROM exchange.withheld JOIN exchange.packet USING (packet_id)
WHERE (station, epoch) = (%(station)s, %(epoch)s) AND standing = 'unproved' AND verdict = ''

-- name: decide
-- The one verdict; no row when there is one already, or nothing to decide.
UPDATE exchange.withheld SET verdict = %(verdict)s, by_whom = %(by)s, note = %(note)s
WHERE packet_id = %(packet_id)s AND verdict = '' RETURNING packet_id

-- name: keep_verdict
-- A verdict that came before its packet; the first one counts.
INSERT INTO exchange.verdict_ahead (packet_id, verdict, by_whom, note)
VALUES (%(packet_id)s, %(verdict)s, %(by)s, %(note)s) ON CONFLICT DO NOTHING

-- name: apply_verdict
-- What was decided of a packet before it came here.
UPDATE exchange.withheld SET (verdict, by_whom, note) =
    (SELECT a.verdict, a.by_whom, a.note FROM exchange.verdict_ahead a WHERE a.packet_id = %(packet_id)s)
WHERE packet_id = %(packet_id)s AND verdict = ''
  AND EXISTS (SELECT 1 FROM exchange.verdict_ahead WHERE packet_id = %(packet_id)s) RETURNING verdict

-- name: is_here
-- Whether a packet came here.
SELECT 1 FROM exchange.packet WHERE packet_id = %(packet_id)s

-- name: verdict_of
-- The verdict on a packet that is or was withheld.
SELECT verdict FROM exchange.withheld WHERE packet_id = %(packet_id)s

-- name: spoken_against
-- Whether anything here says that one packet is not on the chain: another of its number, or a follower of another.
SELECT 1 FROM exchange.packet
WHERE (station, epoch) = (%(station)s, %(epoch)s)
  AND ((sequence = %(sequence)s AND packet_id <> %(packet_id)s)
    OR (sequence = %(sequence)s + 1 AND previous <> decode(%(packet_id)s, 'hex'))) LIMIT 1

-- name: withheld
-- One packet, if it is or was withheld.
SELECT packet_id, station, epoch, sequence, standing, verdict, by_whom, note
FROM exchange.withheld JOIN exchange.packet USING (packet_id) WHERE packet_id = %(packet_id)s

-- name: stopped
-- A packet that a fence withholds, or that people rejected: their word counts whether it came before or after a proof.
SELECT 1 FROM exchange.withheld WHERE packet_id = %(packet_id)s AND verdict IN ('', 'rejected')
UNION ALL SELECT 1 FROM exchange.verdict_ahead WHERE packet_id = %(packet_id)s AND verdict = 'rejected'

-- name: all_withheld
-- Those that wait first, oldest first.
SELECT packet_id, station, epoch, sequence, standing, verdict, by_whom, note
FROM exchange.withheld JOIN exchange.packet USING (packet_id) ORDER BY verdict <> '', since LIMIT %(limit)s
