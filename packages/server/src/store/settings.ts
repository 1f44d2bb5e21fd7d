/** What every statement is run with, in either form. */
export const readSettings = {
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
  // One insert may cover years of history, a part for each month.
  max_partitions_per_insert_block: 0,
  // A correction has the time of what it corrects, so it lies in the same partition.
  do_not_merge_across_partitions_select_final: 1,
  // What groups or sorts more than this goes by way of the disk: seconds later, and answered.
  max_bytes_before_external_group_by: 500_000_000,
  max_bytes_before_external_sort: 500_000_000,
} as const

/** What rows are put in with. */
export const insertSettings = {
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // A batch must be one block, whose token then stands for all of it.
  max_insert_block_size: 10_000_000,
  min_insert_block_size_rows: 10_000_000,
  min_insert_block_size_bytes: 1_000_000_000,
  input_format_parallel_parsing: 0,
  max_insert_threads: 1,
  // Most of a small batch is planning its ten views, which they can do side by side.
  parallel_view_processing: 1,
} as const
