/** Who reads a report: who may decide by it, who may not or looks at one as it was, or whoever it was shared with, for whom it is all there is. */
export type Reader = 'owner' | 'onlooker' | 'guest'
