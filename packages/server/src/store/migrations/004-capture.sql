-- What the complete tracker and the other ways in add to an event and its visit.

ALTER TABLE silver.events
    ADD COLUMN IF NOT EXISTS seq           UInt32 AFTER event_id,
    ADD COLUMN IF NOT EXISTS user_id       String COMMENT 'keyed hash of the id a site signed in' AFTER visitor_id,
    ADD COLUMN IF NOT EXISTS element_link  LowCardinality(String) COMMENT 'outbound, download, mailto or tel' AFTER element_href,
    ADD COLUMN IF NOT EXISTS form_fields   Array(LowCardinality(String)) COMMENT 'names of filled fields, never values' AFTER element_link,
    ADD COLUMN IF NOT EXISTS props         Map(LowCardinality(String), String) AFTER form_fields,
    ADD COLUMN IF NOT EXISTS revenue       Decimal(18, 3) AFTER props,
    ADD COLUMN IF NOT EXISTS currency      LowCardinality(String) AFTER revenue,
    ADD COLUMN IF NOT EXISTS utm_term      LowCardinality(String) AFTER utm_campaign,
    ADD COLUMN IF NOT EXISTS utm_content   LowCardinality(String) AFTER utm_term,
    ADD COLUMN IF NOT EXISTS click_id_name LowCardinality(String) COMMENT 'gclid, msclkid …' AFTER utm_content,
    ADD COLUMN IF NOT EXISTS click_id      String CODEC(ZSTD(3)) AFTER click_id_name,
    ADD COLUMN IF NOT EXISTS region        LowCardinality(String) AFTER country,
    ADD COLUMN IF NOT EXISTS city          LowCardinality(String) AFTER region;

ALTER TABLE silver.sessions
    ADD COLUMN IF NOT EXISTS user_id       String AFTER visitor_id,
    ADD COLUMN IF NOT EXISTS utm_term      LowCardinality(String) AFTER utm_campaign,
    ADD COLUMN IF NOT EXISTS utm_content   LowCardinality(String) AFTER utm_term,
    ADD COLUMN IF NOT EXISTS click_id_name LowCardinality(String) AFTER utm_content,
    ADD COLUMN IF NOT EXISTS click_id      String CODEC(ZSTD(3)) AFTER click_id_name,
    ADD COLUMN IF NOT EXISTS region        LowCardinality(String) AFTER country,
    ADD COLUMN IF NOT EXISTS city          LowCardinality(String) AFTER region;

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
