-- Documents may come by a stream whose messages are numbered with gaps, and several in one message.

ALTER TABLE bronze.web_cookies
    ADD COLUMN IF NOT EXISTS MessageOffset UInt64 DEFAULT Offset COMMENT 'what the stream calls the message by: offset or sequence number' CODEC(Delta, ZSTD(1)) AFTER Offset,
    COMMENT COLUMN Offset 'counts the documents of a partition without a gap';

ALTER TABLE bronze.dead_letters
    ADD COLUMN IF NOT EXISTS MessageOffset UInt64 DEFAULT Offset COMMENT 'what the stream calls the message by: offset or sequence number' AFTER Offset,
    COMMENT COLUMN Offset 'counts the documents of a partition without a gap';

-- How the reference names where a row came from. Rows from before have no time until silver is made anew.
ALTER TABLE silver.final_cookies
    ADD COLUMN IF NOT EXISTS PartitionId UInt16 ALIAS stream_partition,
    ADD COLUMN IF NOT EXISTS EventEnqueuedUtcTime DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1));
