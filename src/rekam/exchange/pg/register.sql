-- name: lock_number
-- Let one transaction at a time record packets of this number, so that each sees the other's bytes.
SELECT pg_advisory_xact_lock(hashtextextended('rekam packet ' || %(number)s, 0))

-- name: receipt_of
-- The receipt on record for one packet.
SELECT receipt FROM exchange.packet WHERE packet_id = %(packet_id)s

-- name: receipts_of
-- The receipts on record for several packets.
SELECT packet_id, receipt FROM exchange.packet WHERE packet_id = ANY(%(packet_ids)s)

-- name: held
-- Which of several packets are on record, each with its place in the public log where this place keeps one.
SELECT packet_id, position FROM exchange.packet LEFT JOIN exchange.log_entry USING (packet_id)
WHERE packet_id = ANY(%(packet_ids)s)

-- name: header_of
-- The header of one packet.
SELECT header FROM exchange.packet WHERE packet_id = %(packet_id)s

-- name: insert_packet
-- Record a packet that is not here yet.
INSERT INTO exchange.packet (packet_id, station, epoch, sequence, previous, size, header, chain, receipt)
VALUES (%(packet_id)s, %(station)s, %(epoch)s, %(sequence)s, %(previous)s, %(size)s, %(header)s, %(chain)s, %(receipt)s)

-- name: raise_fork
-- When other bytes are here under the same number, note an alarm for each of them, this packet included.
INSERT INTO exchange.fork (packet_id, station, epoch, sequence)
SELECT packet_id, station, epoch, sequence
FROM exchange.packet
WHERE (station, epoch, sequence) = (%(station)s, %(epoch)s, %(sequence)s)
  AND EXISTS (
    SELECT 1 FROM exchange.packet other
    WHERE (other.station, other.epoch, other.sequence) = (%(station)s, %(epoch)s, %(sequence)s)
      AND other.packet_id <> %(packet_id)s)
ORDER BY arrival
ON CONFLICT (packet_id) DO NOTHING

-- name: forks
-- All fork alarms with the packets of each, oldest first.
SELECT station, epoch, sequence, array_agg(fork.packet_id ORDER BY arrival)
FROM exchange.fork JOIN exchange.packet USING (packet_id, station, epoch, sequence)
GROUP BY station, epoch, sequence
ORDER BY min(raised_at), station, epoch, sequence

-- name: links
-- What one (station, epoch) has sent.
SELECT sequence, packet_id, encode(previous, 'hex')
FROM exchange.packet WHERE station = %(station)s AND epoch = %(epoch)s
ORDER BY sequence, arrival
