-- Each station takes back its own requests: what another says of the same digest stands in nobody's way.
ALTER TABLE key_withdrawal DROP CONSTRAINT key_withdrawal_pkey, ADD PRIMARY KEY (request, station);
