-- Gold is pre-aggregated, by the quarter of an hour: the coarsest step that fits every time zone.
-- Each row is one value of one dimension; dimension '' is the whole site.

CREATE DATABASE IF NOT EXISTS gold;

CREATE TABLE IF NOT EXISTS gold.traffic
(
    site        LowCardinality(String),
    dimension   LowCardinality(String),
    bucket      DateTime('UTC') CODEC(Delta, ZSTD(1)),
    value       String CODEC(ZSTD(1)),
    visitors    AggregateFunction(uniqCombined64, String),
    converters  AggregateFunction(uniqCombined64, String),
    pageviews   SimpleAggregateFunction(sum, UInt64),
    events      SimpleAggregateFunction(sum, UInt64),
    conversions SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.traffic_from_events TO gold.traffic AS
SELECT
    site,
    pair.1                                         AS dimension,
    toDateTime(toStartOfFifteenMinutes(time), 'UTC') AS bucket,
    pair.2                                         AS value,
    uniqCombined64State(visitor_id)                AS visitors,
    uniqCombined64IfState(visitor_id, is_conversion) AS converters,
    countIf(type = 'page_view')                    AS pageviews,
    countIf(type != 'engagement')                  AS events,
    countIf(is_conversion)                         AS conversions
FROM silver.events
ARRAY JOIN [
    ('', ''),
    ('event:page', path),
    ('event:type', toString(type)),
    ('visit:source', toString(source)),
    ('visit:referrer', referrer),
    ('visit:channel', toString(channel)),
    ('visit:utm_source', toString(utm_source)),
    ('visit:utm_medium', toString(utm_medium)),
    ('visit:utm_campaign', toString(utm_campaign)),
    ('visit:browser', toString(browser)),
    ('visit:os', toString(os)),
    ('visit:device', toString(device)),
    ('visit:country', toString(country))
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
    duration_s SimpleAggregateFunction(sum, Int64),
    pageviews  SimpleAggregateFunction(sum, Int64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.visits_from_sessions TO gold.visits AS
SELECT
    site,
    pair.1                                          AS dimension,
    toDateTime(toStartOfFifteenMinutes(start), 'UTC') AS bucket,
    pair.2                                          AS value,
    sum(toInt64(sign))                              AS visits,
    sum(sign * toInt64(is_bounce))                  AS bounces,
    sum(sign * toInt64(duration_s))                 AS duration_s,
    sum(sign * toInt64(pageviews))                  AS pageviews
FROM silver.sessions
ARRAY JOIN [
    ('', ''),
    ('visit:entry_page', entry_page),
    ('visit:exit_page', exit_page),
    ('visit:source', toString(source)),
    ('visit:referrer', referrer),
    ('visit:channel', toString(channel)),
    ('visit:utm_source', toString(utm_source)),
    ('visit:utm_medium', toString(utm_medium)),
    ('visit:utm_campaign', toString(utm_campaign)),
    ('visit:browser', toString(browser)),
    ('visit:os', toString(os)),
    ('visit:device', toString(device)),
    ('visit:country', toString(country))
] AS pair
GROUP BY site, dimension, bucket, value;
