-- name: issued
-- What was issued for a request.
SELECT station, epoch, chain, bundle, size, issued_at FROM recovery_issue WHERE request = %(request)s

-- name: chains
-- The certificates of a station's earlier installations, as they came with packets or were issued here.
SELECT epoch, chain FROM (
    SELECT epoch, chain FROM recovery_issue WHERE station = %(station)s
    UNION ALL
    SELECT * FROM (SELECT DISTINCT ON (epoch) epoch, chain FROM exchange.packet WHERE station = %(station)s
                   ORDER BY epoch, arrival) AS sent
) AS known ORDER BY epoch

-- name: recordings
-- The recordings of one earlier installation, and where they stand.
SELECT p.packet_id, p.sequence, coalesce(s.status, ''), coalesce(s.at, p.received_at)
FROM exchange.packet p LEFT JOIN packet_status s USING (packet_id)
WHERE p.station = %(station)s AND p.epoch = %(epoch)s ORDER BY p.sequence, p.arrival
