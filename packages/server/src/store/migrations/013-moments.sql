-- refill: an event says whether its visitor had been here before, and a moment for how long a page was read, so that an idea is counted from moments alone.

ALTER TABLE silver.events
    ADD COLUMN IF NOT EXISTS is_returning Bool COMMENT 'the visit is not the first of its visitor' AFTER is_named;

-- What is stored is told by its visits, a month at a time: the visits of a month are what memory holds. They last a day at most.
ALTER TABLE silver.events
    UPDATE is_returning = true
    WHERE time >= toDateTime64({month:String}, 3, 'UTC') AND time < toDateTime64({month:String}, 3, 'UTC') + INTERVAL 1 MONTH
      AND sipHash64(site, visitor_id, session_id) IN (
        SELECT sipHash64(site, visitor_id, session_id) FROM silver.sessions FINAL
        WHERE is_returning AND start >= toDateTime64({month:String}, 3, 'UTC') - INTERVAL 1 DAY
          AND start < toDateTime64({month:String}, 3, 'UTC') + INTERVAL 1 MONTH)
    SETTINGS mutations_sync = 1;

DROP VIEW IF EXISTS gold.moments_from_events;
DROP TABLE IF EXISTS gold.moments SYNC;

-- As 008-ideas.sql has it; how far a page was scrolled and how long it was read are told by the same events, and are one row.
CREATE TABLE IF NOT EXISTS gold.moments
(
    site         LowCardinality(String),
    facet        LowCardinality(String) COMMENT 'page, event, exposure, click, hover, cta_seen, rage_click, submit, attention or payment',
    subject      String COMMENT 'path of a page or of attention, name of an event or payment, idea of an exposure, else the element' CODEC(ZSTD(1)),
    time         DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    visitor      UInt64 COMMENT 'of visitor_id',
    session      UInt64 COMMENT 'of visitor_id and session_id',
    event        UInt64 COMMENT 'of event_id: two that happened at one time do not take each other back',
    path         String CODEC(ZSTD(1)),
    variant      LowCardinality(String) COMMENT 'of an exposure',
    scroll_depth UInt8,
    engaged_ms   UInt32,
    is_returning Bool,
    revenue      Decimal(18, 3),
    currency     LowCardinality(String),
    referrer     String CODEC(ZSTD(1)),
    source       LowCardinality(String),
    channel      LowCardinality(String),
    utm_source   LowCardinality(String),
    utm_medium   LowCardinality(String),
    utm_campaign LowCardinality(String),
    utm_term     LowCardinality(String),
    utm_content  LowCardinality(String),
    click_id_name LowCardinality(String),
    browser      LowCardinality(String),
    browser_version LowCardinality(String),
    os           LowCardinality(String),
    os_version   LowCardinality(String),
    device       LowCardinality(String),
    screen       LowCardinality(String),
    language     LowCardinality(String),
    country      LowCardinality(String),
    region       LowCardinality(String),
    city         LowCardinality(String),
    sign         Int8,
    version      UInt32
)
ENGINE = VersionedCollapsingMergeTree(sign, version)
ORDER BY (site, facet, subject, time, visitor, session, event)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS gold.moments_from_events TO gold.moments AS
SELECT
    site, pair.1 AS facet, pair.2 AS subject, time,
    sipHash64(visitor_id) AS visitor, sipHash64(visitor_id, session_id) AS session, sipHash64(event_id) AS event,
    path, if(pair.1 = 'exposure', props['variant'], '') AS variant, scroll_depth, engaged_ms, is_returning, revenue, currency,
    referrer, source, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_name,
    browser, browser_version, os, os_version, device, screen, language, country, region, city,
    sign, version
FROM silver.events
ARRAY JOIN arrayFilter(pair -> pair.1 != '', [
    if(type = 'page_view', ('page', path), ('', '')),
    if(type = 'custom', ('event', toString(name)), ('', '')),
    if(type = 'custom' AND name = 'exposure' AND props['idea'] != '', ('exposure', props['idea']), ('', '')),
    if(type IN ('click', 'hover', 'cta_seen', 'rage_click', 'submit'), (toString(type), toString(element_id)), ('', '')),
    if(scroll_depth > 0 OR engaged_ms > 0, ('attention', path), ('', '')),
    if(currency != '', ('payment', toString(name)), ('', ''))
]) AS pair;
