import { createHash } from 'node:crypto'

/** Numbers from 0 to 1, the same ones for the same text: an import that is sent again makes the same visits. */
export type Random = () => number

/** Mulberry32 (Tommy Ettinger), begun by a hash. */
export const randomOf = (text: string): Random => {
  let state = createHash('sha256').update(text).digest().readUInt32LE()
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Fisher and Yates' shuffle, in place. */
export const shuffle = <Thing>(things: Thing[], random: Random): Thing[] => {
  for (let last = things.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[things[last], things[other]] = [things[other] as Thing, things[last] as Thing]
  }
  return things
}
