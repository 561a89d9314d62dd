-- name: last
-- The newest word of one installation.
SELECT n, data FROM day_word WHERE station = %(station)s AND epoch = %(epoch)s ORDER BY n DESC LIMIT 1;

-- name: find
-- One word, by its number.
SELECT data FROM day_word WHERE station = %(station)s AND epoch = %(epoch)s AND n = %(n)s;

-- name: put
-- A word that follows the last one; line and stick may bring the same at once.
INSERT INTO day_word (station, epoch, n, day, what, at, first, last, saved, data)
VALUES (%(station)s, %(epoch)s, %(n)s, %(day)s, %(what)s, %(at)s, %(first)s, %(last)s, %(saved)s, %(data)s)
ON CONFLICT DO NOTHING;

-- name: newest_of_days
-- The newest word of each station on each day, with how many of the day's recordings are in custody here.
SELECT w.station, w.day, w.what, w.at, w.saved, w.data,
       (SELECT count(DISTINCT p.sequence) FROM exchange.packet p
        WHERE w.first > 0 AND p.station = w.station AND p.epoch = w.epoch AND p.sequence BETWEEN w.first AND w.last)
FROM (SELECT DISTINCT ON (day, station) * FROM day_word ORDER BY day DESC, station, epoch DESC, n DESC) w
ORDER BY w.day DESC, w.station LIMIT %(limit)s;

-- name: by_stopped
-- Days that are closed, at installations where somebody was stopped: the word, and the cuts of those people.
SELECT w.station, w.day, w.data, json_agg(json_build_array(s.subject, s.after))
FROM (SELECT DISTINCT ON (day, station) * FROM day_word ORDER BY day DESC, station, epoch DESC, n DESC) w
JOIN key_stop s ON (s.station, s.epoch) = (w.station, w.epoch)
JOIN key_stop_word k USING (number)
WHERE w.what = 'closed'
GROUP BY w.station, w.day, w.data ORDER BY w.day DESC, w.station;

-- name: stations
-- Every station with recordings here or words on days: the newest day that it closed, and when its last recording came.
SELECT station, max(day), max(came) FROM (
    SELECT p.station, NULL::date AS day, max(p.received_at) AS came FROM exchange.packet p GROUP BY p.station
    UNION ALL
    SELECT w.station, max(w.day), NULL FROM (
        SELECT DISTINCT ON (day, station) * FROM day_word ORDER BY day, station, epoch DESC, n DESC
    ) w WHERE w.what = 'closed' GROUP BY w.station
) both_of GROUP BY station ORDER BY max(day) NULLS FIRST, station;
