-- Made after the rows were copied in, which is quicker.
ALTER TABLE visits ADD PRIMARY KEY (id);
CREATE INDEX ON visits (site, start);
ALTER TABLE events ADD PRIMARY KEY (id);
CREATE INDEX ON events (site, time);
CREATE INDEX ON events (site, path, time) WHERE type = 'page_view';
ANALYZE visits;
ANALYZE events;
