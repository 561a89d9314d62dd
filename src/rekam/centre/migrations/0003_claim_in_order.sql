-- The next case comes from the index in the very order that a claim asks for, however long the backlog is.
DROP INDEX packet_stage_ready;
CREATE INDEX packet_stage_next ON packet_stage ((attempts > 0), entered_at, packet_id)
    WHERE queue IS NULL AND lease_until IS NULL;
