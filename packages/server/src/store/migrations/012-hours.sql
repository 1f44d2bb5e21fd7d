-- refill: roll-ups by the hour beside those by days, and visitors of the dimensions that only visits have.

-- Nearly every time zone is whole hours from UTC, so that a day there is hours and days of UTC, and what is grouped by time is of hours. Only
-- where a zone is half an hour or a quarter apart, quarters of an hour are asked.
DROP VIEW IF EXISTS gold.traffic_spans_from_traffic;
DROP VIEW IF EXISTS gold.visits_from_sessions;
DROP VIEW IF EXISTS gold.visits_spans_from_visits;
DROP TABLE IF EXISTS gold.traffic_spans SYNC;
DROP TABLE IF EXISTS gold.visits SYNC;
DROP TABLE IF EXISTS gold.visits_spans SYNC;

CREATE TABLE IF NOT EXISTS gold.traffic_spans
(
    site        LowCardinality(String),
    dimension   LowCardinality(String),
    span        UInt16 COMMENT 'hours',
    bucket      DateTime('UTC') COMMENT 'when they begin' CODEC(Delta, ZSTD(1)),
    value       String CODEC(ZSTD(1)),
    visitors    AggregateFunction(uniqCombined(15), UInt64),
    converters  AggregateFunction(uniqCombined(15), UInt64),
    pageviews   SimpleAggregateFunction(sum, Int64),
    events      SimpleAggregateFunction(sum, Int64),
    conversions SimpleAggregateFunction(sum, Int64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, span, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000, index_granularity = 16;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.traffic_spans_from_traffic TO gold.traffic_spans AS
SELECT
    site, dimension, span, toDateTime(intDiv(toUnixTimestamp(traffic.bucket), 3600 * span) * 3600 * span, 'UTC') AS bucket, value,
    uniqCombinedMergeState(15)(visitors) AS visitors, uniqCombinedMergeState(15)(converters) AS converters,
    sum(pageviews) AS pageviews, sum(events) AS events, sum(conversions) AS conversions
FROM gold.traffic
ARRAY JOIN [toUInt16(1), 24, 168, 672] AS span
GROUP BY site, dimension, span, bucket, value;

-- Visitors are counted by the dimensions that a visit does not change while it goes on; by others the sketches are empty.
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
    pageviews  SimpleAggregateFunction(sum, Int64),
    visitors   AggregateFunction(uniqCombined(15), UInt64) COMMENT 'by visit:entry_page and visit:returning alone',
    converters AggregateFunction(uniqCombined(15), UInt64) COMMENT 'by visit:entry_page and visit:returning alone'
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS gold.visits_spans
(
    site       LowCardinality(String),
    dimension  LowCardinality(String),
    span       UInt16 COMMENT 'hours',
    bucket     DateTime('UTC') COMMENT 'when they begin' CODEC(Delta, ZSTD(1)),
    value      String CODEC(ZSTD(1)),
    visits     SimpleAggregateFunction(sum, Int64),
    bounces    SimpleAggregateFunction(sum, Int64),
    unengaged  SimpleAggregateFunction(sum, Int64),
    duration_s SimpleAggregateFunction(sum, Int64),
    pageviews  SimpleAggregateFunction(sum, Int64),
    visitors   AggregateFunction(uniqCombined(15), UInt64),
    converters AggregateFunction(uniqCombined(15), UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, span, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000, index_granularity = 16;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.visits_spans_from_visits TO gold.visits_spans AS
SELECT
    site, dimension, span, toDateTime(intDiv(toUnixTimestamp(visits.bucket), 3600 * span) * 3600 * span, 'UTC') AS bucket, value,
    sum(visits) AS visits, sum(bounces) AS bounces, sum(unengaged) AS unengaged, sum(duration_s) AS duration_s, sum(pageviews) AS pageviews,
    uniqCombinedMergeState(15)(visitors) AS visitors, uniqCombinedMergeState(15)(converters) AS converters
FROM gold.visits
ARRAY JOIN [toUInt16(1), 24, 168, 672] AS span
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
    sum(sign * toInt64(pageviews))                    AS pageviews,
    uniqCombinedStateIf(15)(sipHash64(visitor_id), sign = 1 AND pair.1 IN ('visit:entry_page', 'visit:returning')) AS visitors,
    uniqCombinedStateIf(15)(sipHash64(visitor_id), sign = 1 AND conversions > 0 AND pair.1 IN ('visit:entry_page', 'visit:returning')) AS converters
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
