-- Silver is clean: one row per event, one per session, and the reference's two tables.

CREATE DATABASE IF NOT EXISTS silver;

-- Questions name a site and a range of time, hence the key. The skip index finds one session's events when a late one comes.
CREATE TABLE IF NOT EXISTS silver.events
(
    site             LowCardinality(String),
    event_id         String,
    time             DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at      DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    visitor_id       String,
    session_id       String,
    type             LowCardinality(String),
    name             LowCardinality(String),
    url              String CODEC(ZSTD(3)),
    hostname         LowCardinality(String),
    path             String CODEC(ZSTD(3)),
    title            String CODEC(ZSTD(3)),
    element_id       LowCardinality(String),
    element_text     String CODEC(ZSTD(3)),
    element_href     String CODEC(ZSTD(3)),
    is_conversion    Bool,
    position_x       Int32,
    position_y       Int32,
    scroll_depth     UInt8,
    engaged_ms       UInt32,
    referrer         String CODEC(ZSTD(3)),
    source           LowCardinality(String),
    channel          LowCardinality(String),
    utm_source       LowCardinality(String),
    utm_medium       LowCardinality(String),
    utm_campaign     LowCardinality(String),
    browser          LowCardinality(String),
    browser_version  LowCardinality(String),
    os               LowCardinality(String),
    os_version       LowCardinality(String),
    device           LowCardinality(String),
    screen           LowCardinality(String),
    language         LowCardinality(String),
    country          LowCardinality(String),
    visit_number     UInt32,
    stream_partition UInt16,
    stream_offset    UInt64 CODEC(Delta, ZSTD(1)),
    INDEX by_session session_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (site, toStartOfHour(time), type, time)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

-- One logical row per session: a changed session is its old row with sign -1 and its new one with sign 1 and the next
-- version, so that sums over sign need no GROUP BY session. Not partitioned, so that an insert is one part: all or nothing.
CREATE TABLE IF NOT EXISTS silver.sessions
(
    site             LowCardinality(String),
    session_id       String,
    visitor_id       String,
    start            DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    end              DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    duration_s       UInt32,
    engaged_ms       UInt64,
    pageviews        UInt32,
    events           UInt32,
    interactions     UInt32,
    conversions      UInt32,
    is_bounce        Bool,
    scroll_depth     UInt8,
    entry_page       String CODEC(ZSTD(3)),
    exit_page        String CODEC(ZSTD(3)),
    exit_at          DateTime64(3, 'UTC') COMMENT 'when the exit page was viewed' CODEC(Delta, ZSTD(1)),
    visit_number     UInt32,
    is_returning     Bool,
    referrer         String CODEC(ZSTD(3)),
    source           LowCardinality(String),
    channel          LowCardinality(String),
    utm_source       LowCardinality(String),
    utm_medium       LowCardinality(String),
    utm_campaign     LowCardinality(String),
    browser          LowCardinality(String),
    browser_version  LowCardinality(String),
    os               LowCardinality(String),
    os_version       LowCardinality(String),
    device           LowCardinality(String),
    screen           LowCardinality(String),
    language         LowCardinality(String),
    country          LowCardinality(String),
    stream_partition UInt16,
    stream_offset    UInt64 CODEC(Delta, ZSTD(1)),
    sign             Int8,
    version          UInt32,
    INDEX by_session session_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_visitor visitor_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = VersionedCollapsingMergeTree(sign, version)
ORDER BY (site, toStartOfHour(start), session_id)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

-- The reference's silver table, by its rules: one row per (session document, event) as delivered. docs/seed-tables.md
CREATE TABLE IF NOT EXISTS silver.final_cookies
(
    site                 LowCardinality(String),
    session_id           String,
    user_id              String,
    timestamp            DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    device_type          LowCardinality(String),
    os                   LowCardinality(String),
    browser              LowCardinality(String),
    page_url             String CODEC(ZSTD(3)),
    referrer             String CODEC(ZSTD(3)),
    Platform             LowCardinality(String),
    event_type           LowCardinality(String),
    time_spent_seconds   Float64,
    is_returning_visitor Bool,
    visit_count          UInt64,
    stream_partition     UInt16,
    stream_offset        UInt64
)
ENGINE = MergeTree
ORDER BY (site, user_id, timestamp)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

-- The reference's second table: visit_count of final_cookies summed by user, kept up by every insert.
CREATE TABLE IF NOT EXISTS silver.visit_count
(
    site          LowCardinality(String),
    user_id       String,
    visitor_count SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, user_id)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS silver.visit_count_from_final_cookies TO silver.visit_count AS
SELECT site, user_id, sum(visit_count) AS visitor_count
FROM silver.final_cookies
GROUP BY site, user_id;
