-- name: ended
-- The installations whose key was withdrawn, the newest first, each with the number that its fence ends at.
SELECT f.station, f.epoch, f.after, f.reason, f.raised_at, r.numbers, r.arrived, r.at, r.by_whom, r.note
FROM exchange.fence f LEFT JOIN day_rest r USING (station, epoch)
WHERE %(station)s = '' OR (f.station, f.epoch) = (%(station)s, %(epoch)s)
ORDER BY f.raised_at DESC, f.station, f.epoch DESC;

-- name: closed
-- The days of one installation whose newest word closes them and names every number between their first and last.
SELECT first, last FROM (
    SELECT DISTINCT ON (day) * FROM day_word WHERE station = %(station)s AND epoch = %(epoch)s ORDER BY day, n DESC
) w WHERE what = 'closed' AND first > 0 AND last - first + 1 = saved;

-- name: held
-- The numbers of one installation that are in custody here, and under how many contents each.
SELECT sequence, count(*) FROM exchange.packet
WHERE station = %(station)s AND epoch = %(epoch)s AND sequence <= %(after)s GROUP BY sequence;

-- name: close
-- The first word stands.
INSERT INTO day_rest (station, epoch, numbers, arrived, at, by_whom, note)
VALUES (%(station)s, %(epoch)s, %(numbers)s, %(arrived)s, %(at)s, %(by)s, %(note)s) ON CONFLICT DO NOTHING;
