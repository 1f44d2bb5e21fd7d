-- Bronze is what arrived, as it arrived. Silver and gold can be rebuilt from it.

CREATE DATABASE IF NOT EXISTS bronze;

-- One row per record of the stream: a tracker's batch or a session document. Read back in stream order, hence the key.
CREATE TABLE IF NOT EXISTS bronze.web_cookies
(
    site                  LowCardinality(String),
    kind                  LowCardinality(String) COMMENT 'tracker or session',
    document              String COMMENT 'JSON, as it arrived' CODEC(ZSTD(3)),
    context               String COMMENT 'JSON: what the collector added; never an address' CODEC(ZSTD(3)),
    PartitionId           UInt16,
    Offset                UInt64 CODEC(Delta, ZSTD(1)),
    EventEnqueuedUtcTime  DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    EventProcessedUtcTime DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(EventEnqueuedUtcTime)
ORDER BY (PartitionId, Offset)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

-- What could not be processed, whole, with the reason.
CREATE TABLE IF NOT EXISTS bronze.dead_letters
(
    site                  LowCardinality(String),
    reason                LowCardinality(String) COMMENT 'stable, to count by',
    detail                String COMMENT 'the field and what was expected',
    document              String CODEC(ZSTD(3)),
    PartitionId           UInt16,
    Offset                UInt64,
    EventEnqueuedUtcTime  DateTime64(3, 'UTC'),
    EventProcessedUtcTime DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (site, EventEnqueuedUtcTime)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;
