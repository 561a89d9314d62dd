-- name: enqueue
-- Queue a recorded packet for the next place; queueing it again changes nothing.
INSERT INTO exchange.outbox (packet_id) VALUES (%(packet_id)s) ON CONFLICT DO NOTHING

-- name: waiting
-- The packets to send, in the order they were queued, those set aside left out.
SELECT packet_id, station, epoch, sequence, size, chain, (extract(epoch FROM queued_at) * 1000)::bigint
FROM exchange.outbox JOIN exchange.packet USING (packet_id)
WHERE outbox.receipt IS NULL AND code IS NULL
ORDER BY queued
LIMIT %(limit)s

-- name: acknowledge
-- Keep the verified receipt; one that is there already stays.
UPDATE exchange.outbox SET receipt = %(receipt)s, acknowledged_at = now(), code = NULL, reason = NULL
WHERE packet_id = %(packet_id)s AND receipt IS NULL

-- name: set_aside
-- Put a packet that is not acknowledged before people, with the reason.
UPDATE exchange.outbox SET code = %(code)s, reason = %(reason)s
WHERE packet_id = %(packet_id)s AND receipt IS NULL

-- name: list_set_aside
-- The packets that people must look at, oldest first.
SELECT packet_id, station, epoch, sequence, code, reason
FROM exchange.outbox JOIN exchange.packet USING (packet_id)
WHERE code IS NOT NULL
ORDER BY queued

-- name: retry
-- Let one packet, or (with NULL) all that were set aside, wait again.
UPDATE exchange.outbox SET code = NULL, reason = NULL
WHERE code IS NOT NULL AND (%(packet_id)s::text IS NULL OR packet_id = %(packet_id)s)

-- name: receipt_of
-- The next place's receipt for one packet.
SELECT receipt FROM exchange.outbox WHERE packet_id = %(packet_id)s AND receipt IS NOT NULL

-- name: backlog
-- How many packets are not acknowledged, and how many seconds the oldest has waited.
SELECT count(*), coalesce(extract(epoch FROM now() - min(queued_at)), 0)::float8
FROM exchange.outbox WHERE receipt IS NULL
