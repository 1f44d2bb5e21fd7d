-- For how many days each layer was last told to keep each site, and from when on it is known to hold all that there was. Once it is told
-- to keep more, what went before does not come back: until then the lake has it. store/kept.ts

CREATE TABLE IF NOT EXISTS clickwatch.kept
(
    layer      LowCardinality(String),
    site       String COMMENT '* is every site that is not named',
    days       Nullable(UInt32) COMMENT 'none is for good',
    whole_from DateTime('UTC') COMMENT '1970 is from the beginning on',
    said_at    DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(said_at)
ORDER BY (layer, site)
SETTINGS fsync_after_insert = 1;
