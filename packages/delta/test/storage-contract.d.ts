import type { Storage } from '../src/index.ts'
/** A place of its own for each call; the same name is the same place, as another process would see it. */
export type Places = (name: string) => Storage
/** What every form of a storage does. */
export declare const itIsAStorage: (places: Places) => void
