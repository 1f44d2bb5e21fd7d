import { statfsSync } from 'node:fs'

const lookEveryMs = 250

/** The disk under a folder, looked at a few times a second. */
export type Disk = {
  freeBytes(): number
  /** Whether less is free than is needed to go on safely. */
  isNearlyFull(): boolean
}

/** @param leastFreeBytes what has to stay free */
export const watchDisk = (folder: string, leastFreeBytes: number): Disk => {
  let lookedAt = Number.NEGATIVE_INFINITY
  let free = 0
  const freeBytes = (): number => {
    const now = performance.now()
    if (now - lookedAt > lookEveryMs) {
      const { bavail, bsize } = statfsSync(folder)
      free = bavail * bsize
      lookedAt = now
    }
    return free
  }
  return { freeBytes, isNearlyFull: () => freeBytes() < leastFreeBytes }
}
