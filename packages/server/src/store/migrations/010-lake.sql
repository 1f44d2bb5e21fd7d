-- What the lake is to write anew, and whom it is to forget. docs/lake.md

CREATE TABLE IF NOT EXISTS clickwatch.lake_changes
(
    batch    String COMMENT 'of the pipeline, whose last insert this is',
    table    LowCardinality(String) COMMENT 'with its layer; * is everything',
    site     LowCardinality(String),
    date     String COMMENT 'of UTC; empty where the table is not by days',
    slice    String COMMENT 'partition:offset where a single row changed; empty is the whole day',
    noted_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (table, site, date, slice)
SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000;

-- What was there before the lake is to be written, too.
INSERT INTO clickwatch.lake_changes (batch, table, site, date, slice) VALUES ('begin', '*', '', '', '');

CREATE TABLE IF NOT EXISTS clickwatch.lake_erasures
(
    id       String,
    site     String,
    visitor  String COMMENT 'empty is the whole site',
    asked_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY asked_at
SETTINGS fsync_after_insert = 1;

-- Who the store is, so that a lake is written by one store alone.
CREATE TABLE IF NOT EXISTS clickwatch.lake_store
(
    id UUID
)
ENGINE = MergeTree
ORDER BY id
SETTINGS fsync_after_insert = 1;

-- What arrived after a place of the stream is looked for by its offsets; older parts get the index when they are merged.
ALTER TABLE silver.events
    ADD INDEX IF NOT EXISTS by_offset stream_offset TYPE minmax GRANULARITY 1;
