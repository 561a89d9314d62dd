-- Whose recording a number of the queue led to is answered by one look into an index.
CREATE INDEX ticket_event_bound ON ticket_event (day, prefix, number, sitting_id) WHERE what = 'bound';
