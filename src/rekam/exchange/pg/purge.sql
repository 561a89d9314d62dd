-- name: accepted
-- Kept copies with an acceptance, in the order they arrived.
SELECT p.arrival, p.packet_id
FROM exchange.packet p JOIN exchange.outbox o USING (packet_id)
WHERE p.arrival > %(after)s AND o.receipt IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM exchange.purge WHERE purge.packet_id = p.packet_id)
ORDER BY p.arrival LIMIT %(limit)s

-- name: going
-- Let go, and nobody has noted yet that they are gone.
SELECT packet_id FROM exchange.purge WHERE gone_at IS NULL ORDER BY going_at, packet_id

-- name: held
-- What the rule asks of one packet; its outbox row stays as it is to the end of the transaction.
SELECT p.packet_id, p.station, p.epoch, p.sequence, p.size, p.header, o.receipt, o.code IS NOT NULL,
       EXISTS (SELECT 1 FROM exchange.damage d WHERE d.blob_id = p.packet_id)
FROM exchange.packet p JOIN exchange.outbox o USING (packet_id) WHERE packet_id = %(packet_id)s FOR UPDATE OF o

-- name: go
-- From here on the bytes may be gone.
INSERT INTO exchange.purge (packet_id) VALUES (%(packet_id)s) ON CONFLICT DO NOTHING

-- name: stay
-- Judged anew, with a no: the bytes are still here and stay.
DELETE FROM exchange.purge WHERE packet_id = %(packet_id)s AND gone_at IS NULL

-- name: gone
-- The bytes are gone from the medium.
UPDATE exchange.purge SET gone_at = now() WHERE packet_id = %(packet_id)s AND gone_at IS NULL
