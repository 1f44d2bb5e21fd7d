/** What a caller may want to tell apart. The conflicts are those of the protocol: somebody else committed in between. */
export type DeltaErrorCode =
  | 'table_exists'
  | 'no_table'
  | 'no_such_version'
  | 'unsupported_feature'
  | 'invalid_argument'
  | 'corrupt_log'
  | 'append_only'
  | 'concurrent_append'
  | 'concurrent_delete_read'
  | 'concurrent_delete_delete'
  | 'concurrent_metadata_change'
  | 'concurrent_protocol_change'
  | 'concurrent_transaction'
  | 'too_many_attempts'

export class DeltaError extends Error {
  override readonly name = 'DeltaError'
  readonly code: DeltaErrorCode

  constructor(code: DeltaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** Nothing was written, because of somebody else's commit: the same can be tried again from the table as it is now. */
  get isConflict(): boolean {
    return this.code.startsWith('concurrent_')
  }
}
