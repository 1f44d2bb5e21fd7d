-- refill: gold answers by every dimension a site is usually asked by, and by whole days and weeks where a range is long.

DROP VIEW IF EXISTS gold.traffic_from_events;
DROP VIEW IF EXISTS gold.visits_from_sessions;
DROP VIEW IF EXISTS gold.activity_from_events;
DROP VIEW IF EXISTS gold.stays_from_sessions;
DROP VIEW IF EXISTS gold.traffic_spans_from_traffic;
DROP VIEW IF EXISTS gold.visits_spans_from_visits;
DROP TABLE IF EXISTS gold.traffic SYNC;
DROP TABLE IF EXISTS gold.visits SYNC;
DROP TABLE IF EXISTS gold.traffic_spans SYNC;
DROP TABLE IF EXISTS gold.visits_spans SYNC;
DROP TABLE IF EXISTS gold.activity SYNC;
DROP TABLE IF EXISTS gold.stays SYNC;

-- By the quarter of an hour, the coarsest step that fits every time zone. Each row is one value of one dimension; dimension '' is the
-- whole site. They answer what is not filtered. A sketch of 2^16 cells is 0.4 % off at most times and half as large as the usual one,
-- and merging them is what such a question costs. Granules are small, since a row is as large as its sketches.
CREATE TABLE IF NOT EXISTS gold.traffic
(
    site        LowCardinality(String),
    dimension   LowCardinality(String),
    bucket      DateTime('UTC') CODEC(Delta, ZSTD(1)),
    value       String CODEC(ZSTD(1)),
    visitors    AggregateFunction(uniqCombined64(16), String),
    converters  AggregateFunction(uniqCombined64(16), String),
    pageviews   SimpleAggregateFunction(sum, Int64),
    events      SimpleAggregateFunction(sum, Int64),
    conversions SimpleAggregateFunction(sum, Int64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000, index_granularity = 512;

-- The same by the day, by seven and by twenty-eight days of UTC, counted from 1970 on. A range in any time zone is some of each, and
-- quarters of an hour on either side.
CREATE TABLE IF NOT EXISTS gold.traffic_spans
(
    site        LowCardinality(String),
    dimension   LowCardinality(String),
    span        UInt8 COMMENT 'days',
    bucket      DateTime('UTC') COMMENT 'when they begin' CODEC(Delta, ZSTD(1)),
    value       String CODEC(ZSTD(1)),
    visitors    AggregateFunction(uniqCombined64(16), String),
    converters  AggregateFunction(uniqCombined64(16), String),
    pageviews   SimpleAggregateFunction(sum, Int64),
    events      SimpleAggregateFunction(sum, Int64),
    conversions SimpleAggregateFunction(sum, Int64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, span, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000, index_granularity = 64;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.traffic_spans_from_traffic TO gold.traffic_spans AS
SELECT
    site, dimension, span, toDateTime(intDiv(toUnixTimestamp(traffic.bucket), 86400 * span) * 86400 * span, 'UTC') AS bucket, value,
    uniqCombined64MergeState(16)(visitors) AS visitors, uniqCombined64MergeState(16)(converters) AS converters,
    sum(pageviews) AS pageviews, sum(events) AS events, sum(conversions) AS conversions
FROM gold.traffic
ARRAY JOIN [toUInt8(1), 7, 28] AS span
GROUP BY site, dimension, span, bucket, value;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.traffic_from_events TO gold.traffic AS
SELECT
    site,
    pair.1                                           AS dimension,
    toDateTime(toStartOfFifteenMinutes(time), 'UTC') AS bucket,
    pair.2                                           AS value,
    uniqCombined64StateIf(16)(visitor_id, sign = 1)                   AS visitors,
    uniqCombined64StateIf(16)(visitor_id, sign = 1 AND is_conversion) AS converters,
    sum(sign * (type = 'page_view'))                 AS pageviews,
    sum(sign * (type != 'engagement'))               AS events,
    sum(sign * is_conversion)                        AS conversions
FROM silver.events
ARRAY JOIN [
    ('', ''),
    ('event:page', path),
    ('event:type', toString(type)),
    ('event:name', toString(name)),
    ('event:element', toString(element_id)),
    -- What goals are made of: a type of event with the page that was viewed, the event that was named, or the element.
    ('event:done', concat(toString(type), char(1), multiIf(type = 'page_view', path, type = 'custom', toString(name), toString(element_id)))),
    ('visit:source', toString(source)),
    ('visit:referrer', toString(referrer)),
    ('visit:channel', toString(channel)),
    ('visit:utm_source', toString(utm_source)),
    ('visit:utm_medium', toString(utm_medium)),
    ('visit:utm_campaign', toString(utm_campaign)),
    ('visit:utm_term', toString(utm_term)),
    ('visit:utm_content', toString(utm_content)),
    ('visit:browser', toString(browser)),
    ('visit:os', toString(os)),
    ('visit:device', toString(device)),
    ('visit:country', toString(country)),
    ('visit:region', toString(region)),
    ('visit:city', toString(city))
] AS pair
GROUP BY site, dimension, bucket, value;

-- A changed session takes its old values back with sign -1, so these are sums of signed numbers.
CREATE TABLE IF NOT EXISTS gold.visits
(
    site       LowCardinality(String),
    dimension  LowCardinality(String),
    bucket     DateTime('UTC') COMMENT 'when the visit began' CODEC(Delta, ZSTD(1)),
    value      String CODEC(ZSTD(1)),
    visits     SimpleAggregateFunction(sum, Int64),
    bounces    SimpleAggregateFunction(sum, Int64),
    unengaged  SimpleAggregateFunction(sum, Int64) COMMENT 'bounces that were looked at for less than ten seconds',
    duration_s SimpleAggregateFunction(sum, Int64),
    pageviews  SimpleAggregateFunction(sum, Int64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS gold.visits_spans
(
    site       LowCardinality(String),
    dimension  LowCardinality(String),
    span       UInt8 COMMENT 'days',
    bucket     DateTime('UTC') COMMENT 'when they begin' CODEC(Delta, ZSTD(1)),
    value      String CODEC(ZSTD(1)),
    visits     SimpleAggregateFunction(sum, Int64),
    bounces    SimpleAggregateFunction(sum, Int64),
    unengaged  SimpleAggregateFunction(sum, Int64),
    duration_s SimpleAggregateFunction(sum, Int64),
    pageviews  SimpleAggregateFunction(sum, Int64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, span, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.visits_spans_from_visits TO gold.visits_spans AS
SELECT
    site, dimension, span, toDateTime(intDiv(toUnixTimestamp(visits.bucket), 86400 * span) * 86400 * span, 'UTC') AS bucket, value,
    sum(visits) AS visits, sum(bounces) AS bounces, sum(unengaged) AS unengaged, sum(duration_s) AS duration_s, sum(pageviews) AS pageviews
FROM gold.visits
ARRAY JOIN [toUInt8(1), 7, 28] AS span
GROUP BY site, dimension, span, bucket, value;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.visits_from_sessions TO gold.visits AS
SELECT
    site,
    pair.1                                            AS dimension,
    toDateTime(toStartOfFifteenMinutes(start), 'UTC') AS bucket,
    pair.2                                            AS value,
    sum(toInt64(sign))                                AS visits,
    sum(sign * toInt64(is_bounce))                    AS bounces,
    sum(sign * toInt64(is_bounce AND engaged_ms < 10000)) AS unengaged,
    sum(sign * toInt64(duration_s))                   AS duration_s,
    sum(sign * toInt64(pageviews))                    AS pageviews
FROM silver.sessions
ARRAY JOIN [
    ('', ''),
    ('visit:entry_page', entry_page),
    ('visit:exit_page', exit_page),
    ('visit:number', toString(visit_number)),
    ('visit:returning', if(is_returning, 'returning', 'new')),
    ('visit:source', toString(source)),
    ('visit:referrer', toString(referrer)),
    ('visit:channel', toString(channel)),
    ('visit:utm_source', toString(utm_source)),
    ('visit:utm_medium', toString(utm_medium)),
    ('visit:utm_campaign', toString(utm_campaign)),
    ('visit:utm_term', toString(utm_term)),
    ('visit:utm_content', toString(utm_content)),
    ('visit:browser', toString(browser)),
    ('visit:os', toString(os)),
    ('visit:device', toString(device)),
    ('visit:country', toString(country)),
    ('visit:region', toString(region)),
    ('visit:city', toString(city))
] AS pair
GROUP BY site, dimension, bucket, value;

-- The next two keep the dimensions side by side, so that they answer filtered questions, and those by dimensions that the roll-ups do
-- not have: what a visitor did on a page in a quarter of an hour, and the visits of a visitor. Visitors and visits are numbers in them,
-- which are counted several times faster than texts and need no sketch per row.

CREATE TABLE IF NOT EXISTS gold.activity
(
    site            LowCardinality(String),
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    type            LowCardinality(String),
    path            String CODEC(ZSTD(1)),
    name            LowCardinality(String),
    element_id      LowCardinality(String),
    hostname        LowCardinality(String),
    title           String CODEC(ZSTD(1)),
    currency        LowCardinality(String),
    source          LowCardinality(String),
    referrer        String CODEC(ZSTD(1)),
    channel         LowCardinality(String),
    utm_source      LowCardinality(String),
    utm_medium      LowCardinality(String),
    utm_campaign    LowCardinality(String),
    utm_term        LowCardinality(String),
    utm_content     LowCardinality(String),
    click_id_name   LowCardinality(String),
    browser         LowCardinality(String),
    browser_version LowCardinality(String),
    os              LowCardinality(String),
    os_version      LowCardinality(String),
    device          LowCardinality(String),
    screen          LowCardinality(String),
    language        LowCardinality(String),
    country         LowCardinality(String),
    region          LowCardinality(String),
    city            LowCardinality(String),
    visitor         UInt64 COMMENT 'of visitor_id',
    session         UInt64 COMMENT 'of visitor_id and session_id',
    scroll_depth    SimpleAggregateFunction(max, UInt8) COMMENT 'the furthest',
    events          Int64,
    conversions     Int64,
    engaged_ms      Int64,
    revenue         Decimal(38, 3),
    payments        Int64 COMMENT 'events with a currency'
)
ENGINE = SummingMergeTree((events, conversions, engaged_ms, revenue, payments))
PRIMARY KEY (site, bucket, type)
ORDER BY (site, bucket, type, path, name, element_id, visitor, session, hostname, title, currency, source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_name, browser, browser_version, os, os_version, device, screen, language, country, region, city)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.activity_from_events TO gold.activity AS
SELECT
    site, toDateTime(toStartOfFifteenMinutes(time), 'UTC') AS bucket, type, path, name, element_id, hostname, title, currency,
    source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_name, browser, browser_version, os, os_version, device, screen, language, country, region, city,
    sipHash64(visitor_id) AS visitor, sipHash64(visitor_id, session_id) AS session,
    max(events.scroll_depth) AS scroll_depth,
    sum(toInt64(sign)) AS events, sum(sign * toInt64(is_conversion)) AS conversions,
    sum(sign * toInt64(events.engaged_ms)) AS engaged_ms,
    sum(sign * toDecimal128(events.revenue, 3)) AS revenue, sum(sign * toInt64(currency != '')) AS payments
FROM silver.events
GROUP BY site, bucket, type, path, name, element_id, hostname, title, currency, source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_name, browser, browser_version, os, os_version, device, screen, language, country, region, city, visitor, session;

CREATE TABLE IF NOT EXISTS gold.stays
(
    site            LowCardinality(String),
    bucket          DateTime('UTC') COMMENT 'when the visit began' CODEC(Delta, ZSTD(1)),
    entry_page      String CODEC(ZSTD(1)),
    exit_page       String CODEC(ZSTD(1)),
    visit_number    UInt32,
    is_returning    Bool,
    source          LowCardinality(String),
    referrer        String CODEC(ZSTD(1)),
    channel         LowCardinality(String),
    utm_source      LowCardinality(String),
    utm_medium      LowCardinality(String),
    utm_campaign    LowCardinality(String),
    utm_term        LowCardinality(String),
    utm_content     LowCardinality(String),
    click_id_name   LowCardinality(String),
    browser         LowCardinality(String),
    browser_version LowCardinality(String),
    os              LowCardinality(String),
    os_version      LowCardinality(String),
    device          LowCardinality(String),
    screen          LowCardinality(String),
    language        LowCardinality(String),
    country         LowCardinality(String),
    region          LowCardinality(String),
    city            LowCardinality(String),
    visitor         UInt64 COMMENT 'of visitor_id',
    session         UInt64 COMMENT 'of visitor_id and session_id',
    visits          Int64,
    bounces         Int64,
    unengaged       Int64,
    duration_s      Int64,
    engaged_ms      Int64,
    pageviews       Int64,
    events          Int64,
    conversions     Int64
)
ENGINE = SummingMergeTree((visits, bounces, unengaged, duration_s, engaged_ms, pageviews, events, conversions))
PRIMARY KEY (site, bucket)
ORDER BY (site, bucket, session, visitor, entry_page, exit_page, visit_number, is_returning, source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_name, browser, browser_version, os, os_version, device, screen, language, country, region, city)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.stays_from_sessions TO gold.stays AS
SELECT
    site, toDateTime(toStartOfFifteenMinutes(start), 'UTC') AS bucket, entry_page, exit_page, visit_number, is_returning,
    source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_name, browser, browser_version, os, os_version, device, screen, language, country, region, city,
    sipHash64(visitor_id) AS visitor, sipHash64(visitor_id, session_id) AS session,
    sum(toInt64(sign)) AS visits, sum(sign * toInt64(is_bounce)) AS bounces,
    sum(sign * toInt64(is_bounce AND sessions.engaged_ms < 10000)) AS unengaged,
    sum(sign * toInt64(sessions.duration_s)) AS duration_s, sum(sign * toInt64(sessions.engaged_ms)) AS engaged_ms,
    sum(sign * toInt64(sessions.pageviews)) AS pageviews, sum(sign * toInt64(sessions.events)) AS events,
    sum(sign * toInt64(sessions.conversions)) AS conversions
FROM silver.sessions
GROUP BY site, bucket, entry_page, exit_page, visit_number, is_returning, source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_name, browser, browser_version, os, os_version, device, screen, language, country, region, city, visitor, session;
