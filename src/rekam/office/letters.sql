-- name: one_at_a_time
-- Blocks are given one after the other: no two stations get the same.
LOCK TABLE letter_block IN SHARE ROW EXCLUSIVE MODE

-- name: highest
-- The last number given of a year, 0 for none.
SELECT coalesce(max(last), 0) FROM letter_block WHERE year = %(year)s

-- name: life
-- What new installations are numbered from since this server was rebuilt last, 1 before; and whether the numbers of the
-- year that it may have forgotten were passed over since.
SELECT spared, EXISTS (SELECT 1 FROM letter_block WHERE year = %(year)s AND station = '-' AND epoch = spared)
FROM (SELECT coalesce(max(epochs), 1) AS spared FROM rebuilt) AS lives

-- name: give
-- A block for one installation of a station; again changes nothing.
INSERT INTO letter_block (year, first, last, station, epoch)
SELECT %(year)s, %(first)s, %(last)s, %(station)s, %(epoch)s
WHERE NOT EXISTS (SELECT 1 FROM letter_block WHERE year = %(year)s AND first = %(first)s)

-- name: blocks_of
-- Every block of an installation.
SELECT year, first, last FROM letter_block WHERE station = %(station)s AND epoch = %(epoch)s ORDER BY year, first

-- name: blocks
-- All blocks with how many numbers of each were reported used, void and twice.
SELECT b.year, b.first, b.last, b.station, b.epoch, b.given_at,
       (SELECT count(DISTINCT l.number) FROM letter l
        WHERE l.year = b.year AND l.number BETWEEN b.first AND b.last) AS used,
       (SELECT count(DISTINCT v.number) FROM letter_void v
        WHERE v.year = b.year AND v.number BETWEEN b.first AND b.last) AS void
FROM letter_block b ORDER BY b.year DESC, b.first

-- name: used_of
-- The numbers of an installation's blocks that were reported.
SELECT DISTINCT l.year, l.number FROM letter l JOIN letter_block b
    ON b.year = l.year AND l.number BETWEEN b.first AND b.last
WHERE b.station = %(station)s AND b.epoch = %(epoch)s ORDER BY l.year, l.number

-- name: note
-- One number as a station reported it; the first report stays.
INSERT INTO letter (year, number, packet, station, epoch, at, by)
VALUES (%(year)s, %(number)s, %(packet)s, %(station)s, %(epoch)s, %(at)s, %(by)s) ON CONFLICT DO NOTHING

-- name: note_void
-- A letter that was made void.
INSERT INTO letter_void (year, number, packet, reason, at)
VALUES (%(year)s, %(number)s, %(packet)s, %(reason)s, %(at)s) ON CONFLICT DO NOTHING

-- name: twice
-- Numbers that were reported for more than one packet.
SELECT year, number, count(*) FROM letter GROUP BY year, number HAVING count(*) > 1 ORDER BY year, number

-- name: strange
-- Numbers that no block of their station holds.
SELECT l.year, l.number, l.station, l.packet FROM letter l
WHERE NOT EXISTS (SELECT 1 FROM letter_block b
                  WHERE b.year = l.year AND l.number BETWEEN b.first AND b.last AND b.station = l.station)
ORDER BY l.year, l.number

-- name: newest
-- The last letters reported.
SELECT l.year, l.number, l.packet, l.station, l.at, l.by, coalesce(v.reason, '')
FROM letter l LEFT JOIN letter_void v USING (year, number, packet)
ORDER BY l.at DESC, l.number DESC LIMIT %(limit)s
