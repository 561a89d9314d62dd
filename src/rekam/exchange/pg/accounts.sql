-- name: put
-- The newest word of a place: what it brings itself, or what is younger than what is here.
INSERT INTO exchange.account AS known (place, at_ms, live, data) VALUES (%(place)s, %(at_ms)s, %(live)s, %(data)s)
ON CONFLICT (place) DO UPDATE SET at_ms = excluded.at_ms, live = excluded.live, data = excluded.data, received_at = now()
WHERE excluded.live OR excluded.at_ms > known.at_ms

-- name: newest
-- Every place that ever brought one.
SELECT data, received_at, live FROM exchange.account ORDER BY place

-- name: knows
-- How far each chain had come here when a place brought its account itself.
SELECT p.station, p.epoch, max(p.sequence)
FROM exchange.packet p JOIN exchange.account a ON a.place = %(place)s AND a.live AND p.received_at < a.received_at
WHERE starts_with(p.station, %(place)s)
GROUP BY p.station, p.epoch
