-- name: packets_of_chains
-- How many packets of each chain of some stations arrived here.
SELECT station, epoch, count(*) FROM exchange.packet WHERE starts_with(station, %(scope)s) GROUP BY station, epoch
