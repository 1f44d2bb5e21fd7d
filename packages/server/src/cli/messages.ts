/** What supervisor and children tell each other over the channel between them. */
export type ToChild =
  /** What the child needs is there: until then it has only loaded its program. */
  { type: 'go' } | { type: 'stop' }
export type FromChild =
  | { type: 'ready'; port?: number }
  /** The child cannot start; the sentence is for the operator. */
  | { type: 'failed'; sentence: string }
