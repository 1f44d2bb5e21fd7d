-- refill: what an idea is counted by: everything that may put a visitor on a rung of a ladder, found by what it was done to.

-- A row for each way in which an event can be looked for. silver.events is ordered by time and would be read whole for one button; here
-- what was done to one thing lies together. It is as narrow as gold.activity, and as exact in time as silver. Corrections are rows with
-- sign -1, as in silver: whoever sums, sums by sign; whoever asks for a time may leave them aside, since what is taken back is there
-- again, at the same time, with other words about its visit and a higher version.
CREATE TABLE IF NOT EXISTS gold.moments
(
    site         LowCardinality(String),
    facet        LowCardinality(String) COMMENT 'page, event, exposure, click, hover, cta_seen, rage_click, submit, depth or payment',
    subject      String COMMENT 'path of a page or depth, name of an event or payment, idea of an exposure, else the element' CODEC(ZSTD(1)),
    time         DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    visitor      UInt64 COMMENT 'of visitor_id',
    session      UInt64 COMMENT 'of visitor_id and session_id',
    event        UInt64 COMMENT 'of event_id: two that happened at one time do not take each other back',
    path         String CODEC(ZSTD(1)),
    variant      LowCardinality(String) COMMENT 'of an exposure',
    scroll_depth UInt8,
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
    path, if(pair.1 = 'exposure', props['variant'], '') AS variant, scroll_depth, revenue, currency,
    referrer, source, channel, utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_name,
    browser, browser_version, os, os_version, device, screen, language, country, region, city,
    sign, version
FROM silver.events
ARRAY JOIN arrayFilter(pair -> pair.1 != '', [
    if(type = 'page_view', ('page', path), ('', '')),
    if(type = 'custom', ('event', toString(name)), ('', '')),
    if(type = 'custom' AND name = 'exposure' AND props['idea'] != '', ('exposure', props['idea']), ('', '')),
    if(type IN ('click', 'hover', 'cta_seen', 'rage_click', 'submit'), (toString(type), toString(element_id)), ('', '')),
    if(scroll_depth > 0, ('depth', path), ('', '')),
    if(currency != '', ('payment', toString(name)), ('', ''))
]) AS pair;
