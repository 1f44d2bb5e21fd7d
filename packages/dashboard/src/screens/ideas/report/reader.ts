/** Who reads a report: who may decide by it, who looks at one as it was, or whoever it was shared with, for whom it is all there is. */
export type Reader = 'owner' | 'historian' | 'guest'
