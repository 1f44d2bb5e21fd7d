-- What somebody makes who wants to count visits in PostgreSQL: a row an event, a row a visit, and indexes for what is asked.
CREATE TABLE visits
(
    id text NOT NULL, site text NOT NULL, visitor text NOT NULL, start timestamptz NOT NULL,
    source text NOT NULL, channel text NOT NULL, campaign text NOT NULL, country text NOT NULL,
    browser text NOT NULL, os text NOT NULL, device text NOT NULL,
    pageviews int NOT NULL, duration_s int NOT NULL, conversions int NOT NULL, is_bounce bool NOT NULL, is_returning bool NOT NULL
);
CREATE TABLE events
(
    id text NOT NULL, visit text NOT NULL, site text NOT NULL, visitor text NOT NULL, time timestamptz NOT NULL,
    type text NOT NULL, path text NOT NULL, element text NOT NULL, is_conversion bool NOT NULL
);
