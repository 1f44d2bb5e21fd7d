-- rebuild: silver and gold are made anew from bronze, since what came before them holds too little to amend a visit by.

-- An event may turn out to belong to another visit when a late one arrives, so events too are taken back by sign.

DROP VIEW IF EXISTS gold.traffic_from_events;
DROP VIEW IF EXISTS gold.visits_from_sessions;
DROP VIEW IF EXISTS silver.visit_count_from_final_cookies;
DROP TABLE IF EXISTS gold.traffic SYNC;
DROP TABLE IF EXISTS gold.visits SYNC;
DROP TABLE IF EXISTS silver.events SYNC;
DROP TABLE IF EXISTS silver.sessions SYNC;
DROP TABLE IF EXISTS silver.excluded SYNC;
DROP TABLE IF EXISTS silver.final_cookies SYNC;
DROP TABLE IF EXISTS silver.visit_count SYNC;

-- One logical row per event. Questions name a site and a range of time, hence the primary key; the rest of the order makes an
-- event one with its correction.
CREATE TABLE IF NOT EXISTS silver.events
(
    site             LowCardinality(String),
    event_id         String,
    seq              UInt32,
    time             DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at      DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    visitor_id       String,
    user_id          String COMMENT 'keyed hash of the id a site signed in',
    session_id       String,
    is_named         Bool COMMENT 'its sender said which visit it belongs to',
    campaign         String COMMENT 'what the page view was brought by' CODEC(ZSTD(1)),
    type             LowCardinality(String),
    name             LowCardinality(String),
    url              String CODEC(ZSTD(3)),
    hostname         LowCardinality(String),
    path             String CODEC(ZSTD(3)),
    title            String CODEC(ZSTD(3)),
    element_id       LowCardinality(String),
    element_text     String CODEC(ZSTD(3)),
    element_href     String CODEC(ZSTD(3)),
    element_link     LowCardinality(String) COMMENT 'outbound, download, mailto or tel',
    form_fields      Array(LowCardinality(String)) COMMENT 'names of filled fields, never values',
    props            Map(LowCardinality(String), String),
    revenue          Decimal(18, 3),
    currency         LowCardinality(String),
    is_interaction   Bool,
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
    utm_term         LowCardinality(String),
    utm_content      LowCardinality(String),
    click_id_name    LowCardinality(String) COMMENT 'gclid, msclkid …',
    click_id         String CODEC(ZSTD(3)),
    browser          LowCardinality(String),
    browser_version  LowCardinality(String),
    os               LowCardinality(String),
    os_version       LowCardinality(String),
    device           LowCardinality(String),
    screen           LowCardinality(String),
    language         LowCardinality(String),
    country          LowCardinality(String),
    region           LowCardinality(String),
    city             LowCardinality(String),
    stream_partition UInt16,
    stream_offset    UInt64 CODEC(Delta, ZSTD(1)),
    sign             Int8,
    version          UInt32
)
ENGINE = VersionedCollapsingMergeTree(sign, version)
PARTITION BY toYYYYMM(time)
PRIMARY KEY (site, toStartOfHour(time), type, time)
ORDER BY (site, toStartOfHour(time), type, time, visitor_id, event_id)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

-- What visits are made of, by visitor: read when somebody comes back whom the pipeline does not remember. Small granules,
-- since one visitor is read at a time.
CREATE TABLE IF NOT EXISTS silver.events_by_visitor
(
    site             LowCardinality(String),
    visitor_id       String,
    session_id       String,
    is_named         Bool,
    event_id         String,
    time             DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    seq              UInt32,
    type             LowCardinality(String),
    path             String CODEC(ZSTD(1)),
    user_id          String,
    campaign         String CODEC(ZSTD(1)),
    is_interaction   Bool,
    is_conversion    Bool,
    engaged_ms       UInt32,
    scroll_depth     UInt8,
    stream_partition UInt16,
    stream_offset    UInt64 CODEC(Delta, ZSTD(1)),
    sign             Int8,
    version          UInt32
)
ENGINE = VersionedCollapsingMergeTree(sign, version)
ORDER BY (site, visitor_id, session_id, event_id)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000, index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS silver.events_by_visitor_from_events TO silver.events_by_visitor AS
SELECT site, visitor_id, session_id, is_named, event_id, time, seq, type, path, user_id, campaign, is_interaction, is_conversion,
    engaged_ms, scroll_depth, stream_partition, stream_offset, sign, version
FROM silver.events;

-- One logical row per session: a changed session is its old row with sign -1 and its new one with sign 1 and a higher
-- version, so that sums over sign need no GROUP BY session. Not partitioned, so that an insert is one part: all or nothing.
CREATE TABLE IF NOT EXISTS silver.sessions
(
    site             LowCardinality(String),
    session_id       String,
    visitor_id       String,
    user_id          String,
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
    reported         String COMMENT 'JSON of what the producer of a finished session says of it itself' CODEC(ZSTD(1)),
    referrer         String CODEC(ZSTD(3)),
    source           LowCardinality(String),
    channel          LowCardinality(String),
    utm_source       LowCardinality(String),
    utm_medium       LowCardinality(String),
    utm_campaign     LowCardinality(String),
    utm_term         LowCardinality(String),
    utm_content      LowCardinality(String),
    click_id_name    LowCardinality(String) COMMENT 'gclid, msclkid …',
    click_id         String CODEC(ZSTD(3)),
    browser          LowCardinality(String),
    browser_version  LowCardinality(String),
    os               LowCardinality(String),
    os_version       LowCardinality(String),
    device           LowCardinality(String),
    screen           LowCardinality(String),
    language         LowCardinality(String),
    country          LowCardinality(String),
    region           LowCardinality(String),
    city             LowCardinality(String),
    stream_partition UInt16,
    stream_offset    UInt64 CODEC(Delta, ZSTD(1)),
    sign             Int8,
    version          UInt32
)
ENGINE = VersionedCollapsingMergeTree(sign, version)
ORDER BY (site, toStartOfHour(start), session_id, visitor_id)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

-- The same by visitor: how often somebody came, and what visits of theirs may go on.
CREATE TABLE IF NOT EXISTS silver.sessions_by_visitor
(
    site             LowCardinality(String),
    session_id       String,
    visitor_id       String,
    user_id          String,
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
    reported         String COMMENT 'JSON of what the producer of a finished session says of it itself' CODEC(ZSTD(1)),
    referrer         String CODEC(ZSTD(3)),
    source           LowCardinality(String),
    channel          LowCardinality(String),
    utm_source       LowCardinality(String),
    utm_medium       LowCardinality(String),
    utm_campaign     LowCardinality(String),
    utm_term         LowCardinality(String),
    utm_content      LowCardinality(String),
    click_id_name    LowCardinality(String) COMMENT 'gclid, msclkid …',
    click_id         String CODEC(ZSTD(3)),
    browser          LowCardinality(String),
    browser_version  LowCardinality(String),
    os               LowCardinality(String),
    os_version       LowCardinality(String),
    device           LowCardinality(String),
    screen           LowCardinality(String),
    language         LowCardinality(String),
    country          LowCardinality(String),
    region           LowCardinality(String),
    city             LowCardinality(String),
    stream_partition UInt16,
    stream_offset    UInt64 CODEC(Delta, ZSTD(1)),
    sign             Int8,
    version          UInt32
)
ENGINE = VersionedCollapsingMergeTree(sign, version)
ORDER BY (site, visitor_id, session_id)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000, index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS silver.sessions_by_visitor_from_sessions TO silver.sessions_by_visitor AS
SELECT * FROM silver.sessions;

-- Bots, and traffic that a site keeps out of its numbers: counted apart, not thrown away. Whole, it is in bronze.
CREATE TABLE IF NOT EXISTS silver.excluded
(
    site             LowCardinality(String),
    time             DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    reason           LowCardinality(String),
    path             String CODEC(ZSTD(3)),
    events           UInt32,
    stream_partition UInt16,
    stream_offset    UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (site, time)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

-- What became of everything that arrived, by the quarter of an hour of its arrival: events arrived are those counted, doubled,
-- excluded and refused; records arrived are the stream's offsets.
CREATE TABLE IF NOT EXISTS silver.ledger
(
    site             LowCardinality(String),
    bucket           DateTime('UTC') CODEC(Delta, ZSTD(1)),
    kind             LowCardinality(String) COMMENT 'arrived, counted, doubled, excluded, refused or withheld',
    reason           LowCardinality(String) COMMENT 'why excluded or refused; late where counted long after it happened',
    stream_partition UInt16,
    records          Int64,
    events           Int64
)
ENGINE = SummingMergeTree((records, events))
ORDER BY (site, bucket, kind, reason, stream_partition)
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

-- Gold is pre-aggregated, by the quarter of an hour: the coarsest step that fits every time zone.
-- In traffic and visits each row is one value of one dimension; dimension '' is the whole site. They answer what is not filtered.

CREATE TABLE IF NOT EXISTS gold.traffic
(
    site        LowCardinality(String),
    dimension   LowCardinality(String),
    bucket      DateTime('UTC') CODEC(Delta, ZSTD(1)),
    value       String CODEC(ZSTD(1)),
    visitors    AggregateFunction(uniqCombined64, String),
    converters  AggregateFunction(uniqCombined64, String),
    pageviews   SimpleAggregateFunction(sum, Int64),
    events      SimpleAggregateFunction(sum, Int64),
    conversions SimpleAggregateFunction(sum, Int64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.traffic_from_events TO gold.traffic AS
SELECT
    site,
    pair.1                                           AS dimension,
    toDateTime(toStartOfFifteenMinutes(time), 'UTC') AS bucket,
    pair.2                                           AS value,
    uniqCombined64StateIf(visitor_id, sign = 1)                 AS visitors,
    uniqCombined64StateIf(visitor_id, sign = 1 AND is_conversion) AS converters,
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
    duration_s SimpleAggregateFunction(sum, Int64),
    pageviews  SimpleAggregateFunction(sum, Int64)
)
ENGINE = AggregatingMergeTree
ORDER BY (site, dimension, bucket, value)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.visits_from_sessions TO gold.visits AS
SELECT
    site,
    pair.1                                            AS dimension,
    toDateTime(toStartOfFifteenMinutes(start), 'UTC') AS bucket,
    pair.2                                            AS value,
    sum(toInt64(sign))                                AS visits,
    sum(sign * toInt64(is_bounce))                    AS bounces,
    sum(sign * toInt64(duration_s))                   AS duration_s,
    sum(sign * toInt64(pageviews))                    AS pageviews
FROM silver.sessions
ARRAY JOIN [
    ('', ''),
    ('visit:entry_page', entry_page),
    ('visit:exit_page', exit_page),
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

-- The next two keep the dimensions side by side, so that they answer filtered questions: what a visitor did on a page in a quarter
-- of an hour, and the visits of a visitor. Visitors and visits are numbers in them, which are counted several times faster than
-- texts and need no sketch per row.

CREATE TABLE IF NOT EXISTS gold.activity
(
    site        LowCardinality(String),
    bucket      DateTime('UTC') CODEC(Delta, ZSTD(1)),
    type        LowCardinality(String),
    path        String CODEC(ZSTD(1)),
    name        LowCardinality(String),
    element_id  LowCardinality(String),
    referrer    String CODEC(ZSTD(1)),
    source      LowCardinality(String),
    channel     LowCardinality(String),
    utm_source  LowCardinality(String),
    utm_medium  LowCardinality(String),
    utm_campaign LowCardinality(String),
    utm_term    LowCardinality(String),
    utm_content LowCardinality(String),
    browser     LowCardinality(String),
    os          LowCardinality(String),
    device      LowCardinality(String),
    country     LowCardinality(String),
    region      LowCardinality(String),
    city        LowCardinality(String),
    visitor     UInt64 COMMENT 'of visitor_id',
    session     UInt64 COMMENT 'of visitor_id and session_id',
    events      Int64,
    conversions Int64
)
ENGINE = SummingMergeTree((events, conversions))
PRIMARY KEY (site, bucket, type)
ORDER BY (site, bucket, type, path, name, element_id, visitor, session, source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, browser, os, device, country, region, city)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.activity_from_events TO gold.activity AS
SELECT
    site, toDateTime(toStartOfFifteenMinutes(time), 'UTC') AS bucket, type, path, name, element_id,
    source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, browser, os, device, country, region, city,
    sipHash64(visitor_id) AS visitor, sipHash64(visitor_id, session_id) AS session,
    sum(toInt64(sign)) AS events, sum(sign * toInt64(is_conversion)) AS conversions
FROM silver.events
GROUP BY site, bucket, type, path, name, element_id, source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, browser, os, device, country, region, city, visitor, session;

CREATE TABLE IF NOT EXISTS gold.stays
(
    site        LowCardinality(String),
    bucket      DateTime('UTC') COMMENT 'when the visit began' CODEC(Delta, ZSTD(1)),
    entry_page  String CODEC(ZSTD(1)),
    exit_page   String CODEC(ZSTD(1)),
    referrer    String CODEC(ZSTD(1)),
    source      LowCardinality(String),
    channel     LowCardinality(String),
    utm_source  LowCardinality(String),
    utm_medium  LowCardinality(String),
    utm_campaign LowCardinality(String),
    utm_term    LowCardinality(String),
    utm_content LowCardinality(String),
    browser     LowCardinality(String),
    os          LowCardinality(String),
    device      LowCardinality(String),
    country     LowCardinality(String),
    region      LowCardinality(String),
    city        LowCardinality(String),
    visitor     UInt64 COMMENT 'of visitor_id',
    session     UInt64 COMMENT 'of visitor_id and session_id',
    visits      Int64,
    bounces     Int64,
    duration_s  Int64,
    pageviews   Int64,
    events      Int64,
    conversions Int64
)
ENGINE = SummingMergeTree((visits, bounces, duration_s, pageviews, events, conversions))
PRIMARY KEY (site, bucket)
ORDER BY (site, bucket, session, visitor, entry_page, exit_page, source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, browser, os, device, country, region, city)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.stays_from_sessions TO gold.stays AS
SELECT
    site, toDateTime(toStartOfFifteenMinutes(start), 'UTC') AS bucket, entry_page, exit_page,
    source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, browser, os, device, country, region, city,
    sipHash64(visitor_id) AS visitor, sipHash64(visitor_id, session_id) AS session,
    sum(toInt64(sign)) AS visits, sum(sign * toInt64(is_bounce)) AS bounces, sum(sign * toInt64(duration_s)) AS duration_s,
    sum(sign * toInt64(pageviews)) AS pageviews, sum(sign * toInt64(events)) AS events, sum(sign * toInt64(conversions)) AS conversions
FROM silver.sessions
GROUP BY site, bucket, entry_page, exit_page, source, referrer, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, browser, os, device, country, region, city, visitor, session;
