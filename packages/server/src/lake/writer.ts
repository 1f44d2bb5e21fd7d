import type { LakeState } from './state.ts'

/** Who writes the lake: of several processes that could, one at a time, and each knows it by an epoch that rises with each change of hands. */
export type Writer = {
  /**
   * Makes this process the one that writes, unless another is.
   * @param isAsked whether it was asked for: then whoever writes by itself makes room, and it is waited for
   * @returns whether it is
   * @throws {ClickWatchError} 503 lake_busy where it was asked for, and the other does not make room
   */
  take(isAsked: boolean): Promise<boolean>
  /** Whether this process surely is the one at this moment. */
  isMine(): boolean
  /** Of this process while it is the one; undefined where no other could be. */
  epoch(): number | undefined
  /**
   * Has this process's epoch, and all after it, be higher than one.
   * @throws {WriterLost} where another writes by now
   */
  raise(above: number): Promise<void>
  /** Whether another is asked for something, and waits. */
  isWanted(): boolean
  /** Says how the lake is, for whoever does not write it. */
  tell(state: LakeState): Promise<void>
  /** What was said last; undefined before anything was. */
  told(): Promise<LakeState | undefined>
  /** Lets others write. */
  close(): Promise<void>
}

/** No other process reaches the store. */
export const soleWriter: Writer = {
  take: async () => true,
  isMine: () => true,
  epoch: () => undefined,
  raise: async () => undefined,
  isWanted: () => false,
  tell: async () => undefined,
  told: async () => undefined,
  close: async () => undefined,
}

/** Another process writes the lake by now: what was begun comes to nothing, and is theirs to do. */
export class WriterLost extends Error {
  constructor() {
    super('the lake is written by another process by now')
  }
}
