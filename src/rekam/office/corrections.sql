-- name: one_at_a_time
-- Versions and numbers are given one after the other.
LOCK TABLE resident_change IN SHARE ROW EXCLUSIVE MODE

-- name: highest
-- The highest version that was given, 0 for none.
SELECT coalesce(max(version), 0) FROM resident_change

-- name: put
-- One correction.
INSERT INTO resident_change (version, who, sealed, source, by, at)
VALUES (%(version)s, %(who)s, %(sealed)s, %(source)s, %(by)s, %(at)s)

-- name: newest_of
-- The newest correction of each of these residents.
SELECT DISTINCT ON (who) who, sealed FROM resident_change WHERE who = ANY(%(who)s) ORDER BY who, version DESC

-- name: every
-- All corrections, in their order.
SELECT who, sealed FROM resident_change ORDER BY version

-- name: newest
-- The last corrections, newest first, with how many stations are to hear of each and how many have.
SELECT c.version, c.who, c.sealed, c.source, c.by, c.at, count(n.station), count(h.station)
FROM (SELECT * FROM resident_change ORDER BY version DESC LIMIT %(limit)s) c
LEFT JOIN resident_news n USING (version)
LEFT JOIN resident_heard h ON h.station = n.station AND h.n >= n.n
GROUP BY c.version, c.who, c.sealed, c.source, c.by, c.at ORDER BY c.version DESC

-- name: life
-- The life of this database's feeds.
SELECT life FROM resident_life ORDER BY id DESC LIMIT 1

-- name: begin_life
-- The next one.
INSERT INTO resident_life (id, life) SELECT coalesce(max(id), 0) + 1, %(life)s FROM resident_life

-- name: is_older
-- Whether this database is older than what a station heard of it: it does not hold entry `after`, or holds another
-- there, newer than all that the station knows, and never gave the version that the station has.
SELECT %(after)s > 0 AND coalesce(
    (SELECT n.version > %(seen)s AND NOT EXISTS (SELECT 1 FROM resident_change c WHERE c.version = %(seen)s)
     FROM resident_news n WHERE n.station = %(station)s AND n.n = %(after)s),
    true)

-- name: told
-- Which stations were told of each of these residents before.
SELECT DISTINCT c.who, n.station FROM resident_change c JOIN resident_news n USING (version) WHERE c.who = ANY(%(who)s)

-- name: ends
-- The last number of each station's news.
SELECT station, max(n) FROM resident_news GROUP BY station

-- name: tell
-- One station is to hear of one correction.
INSERT INTO resident_news (station, n, version) VALUES (%(station)s, %(n)s, %(version)s)

-- name: heard
-- How far a station is.
INSERT INTO resident_heard (station, n, seen, at) VALUES (%(station)s, %(n)s, %(seen)s, %(at)s)
ON CONFLICT (station) DO UPDATE SET n = excluded.n, seen = excluded.seen, at = excluded.at

-- name: after
-- What follows entry `after` of a station's news.
SELECT n.n, c.who, c.sealed FROM resident_news n JOIN resident_change c USING (version)
WHERE n.station = %(station)s AND n.n > %(after)s ORDER BY n.n LIMIT %(limit)s

-- name: all_told
-- The newest correction of everybody of whom a station was told.
SELECT c.who, c.sealed FROM resident_news n JOIN resident_change c USING (version)
WHERE n.station = %(station)s
  AND NOT EXISTS (SELECT 1 FROM resident_change newer WHERE newer.who = c.who AND newer.version > c.version)

-- name: end_of
-- The last number of one station's news, 0 where it has none.
SELECT coalesce(max(n), 0) FROM resident_news WHERE station = %(station)s

-- name: standing
-- Each station that asked or is to hear: the last number of its news, how far it is, the highest version it has, since when.
SELECT coalesce(n.station, h.station), coalesce(n.last, 0), coalesce(h.n, 0), coalesce(h.seen, 0), h.at
FROM (SELECT station, max(n) AS last FROM resident_news GROUP BY station) n
FULL JOIN resident_heard h USING (station) ORDER BY 1

-- name: forget_waiting
-- What a station told of its open referrals is replaced by what it tells now.
DELETE FROM referral_waiting WHERE station = %(station)s

-- name: put_waiting
-- One open referral.
INSERT INTO referral_waiting (station, number, at, who, sealed)
VALUES (%(station)s, %(number)s, %(at)s, %(who)s, %(sealed)s) ON CONFLICT DO NOTHING

-- name: waiting
-- Open referrals, oldest first; with whether a correction of that resident was brought in since.
SELECT w.number, w.sealed, EXISTS (SELECT 1 FROM resident_change c WHERE c.who = w.who AND c.at > w.at)
FROM referral_waiting w ORDER BY w.at, w.number LIMIT %(limit)s

-- name: count_waiting
-- How many open referrals nobody has brought a correction for.
SELECT count(*) FROM referral_waiting w
WHERE NOT EXISTS (SELECT 1 FROM resident_change c WHERE c.who = w.who AND c.at > w.at)
