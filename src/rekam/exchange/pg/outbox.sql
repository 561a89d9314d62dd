-- name: enqueue
-- Queue a recorded packet for the next place; queueing it again changes nothing.
INSERT INTO exchange.outbox (packet_id) VALUES (%(packet_id)s) ON CONFLICT DO NOTHING

-- name: waiting
-- The packets to send, in the order they were queued, those set aside left out.
SELECT packet_id, station, epoch, sequence, size, chain, (extract(epoch FROM queued_at) * 1000)::bigint
FROM exchange.outbox JOIN exchange.packet USING (packet_id)
WHERE acknowledged_at IS NULL AND code IS NULL
ORDER BY queued
LIMIT %(limit)s

-- name: acknowledge
-- Keep the verified receipt; one that is there already stays.
UPDATE exchange.outbox
SET receipt = %(receipt)s, acknowledged_at = coalesce(acknowledged_at, now()), code = NULL, reason = NULL
WHERE packet_id = %(packet_id)s AND receipt IS NULL

-- name: unreceipted
-- One packet whose own receipt never came, also where a roll call acknowledged it.
SELECT packet_id, station, epoch, sequence, size, chain, (extract(epoch FROM queued_at) * 1000)::bigint, header
FROM exchange.outbox JOIN exchange.packet USING (packet_id)
WHERE packet_id = %(packet_id)s AND outbox.receipt IS NULL

-- name: set_aside
-- Put a packet that is not acknowledged before people, with the reason.
UPDATE exchange.outbox SET code = %(code)s, reason = %(reason)s
WHERE packet_id = %(packet_id)s AND acknowledged_at IS NULL

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
FROM exchange.outbox WHERE acknowledged_at IS NULL

-- name: unacknowledged
-- The ids to ask a roll call for, those set aside included, in the order they were queued.
SELECT queued, packet_id FROM exchange.outbox
WHERE acknowledged_at IS NULL AND queued > %(after)s ORDER BY queued LIMIT %(limit)s

-- name: keep_roll
-- Keep a verified answer with the ids it was asked for.
INSERT INTO exchange.roll_call (asked, answer) VALUES (%(asked)s, %(answer)s) RETURNING roll

-- name: acknowledge_rolled
-- Take what a roll call says is held off the list, all at once.
UPDATE exchange.outbox SET roll = %(roll)s, acknowledged_at = now(), code = NULL, reason = NULL
FROM unnest(%(packet_ids)s::text[]) AS held (packet_id)
WHERE outbox.packet_id = held.packet_id AND outbox.acknowledged_at IS NULL

-- name: roll_of
-- The roll call that acknowledged one packet: ids asked, answer.
SELECT asked, answer FROM exchange.outbox JOIN exchange.roll_call USING (roll) WHERE packet_id = %(packet_id)s

-- name: kept
-- The acknowledged packets whose backup is still here, by id, those after one id.
SELECT packet_id, station, epoch, sequence, size, chain, (extract(epoch FROM queued_at) * 1000)::bigint
FROM exchange.outbox JOIN exchange.packet USING (packet_id)
WHERE acknowledged_at IS NOT NULL AND packet_id > %(after)s
  AND NOT EXISTS (SELECT 1 FROM exchange.purge WHERE purge.packet_id = outbox.packet_id)
ORDER BY packet_id
LIMIT %(limit)s
