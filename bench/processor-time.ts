import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second, whatever its clock does. */
const ticksPerSecond = 100

type Entry = { parent: number; ticks: number }

/** Of a process: who started it, and what it and those of its children that have ended have used. */
const entryOf = (pid: string): Entry | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets, and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { parent: Number(fields[1]), ticks }
  } catch {
    // It has ended since it was listed.
    return undefined
  }
}

/** Seconds of a processor that processes and all that they have started have used so far, by name. On Linux, which tells it. */
export const processorSeconds = (roots: Readonly<Record<string, readonly number[]>>): Record<string, number> => {
  const all = new Map<number, Entry>()
  for (const name of readdirSync('/proc')) {
    const entry = /^\d+$/.test(name) ? entryOf(name) : undefined
    if (entry) all.set(Number(name), entry)
  }
  const children = Map.groupBy(all.keys(), (pid) => all.get(pid)?.parent ?? 0)
  const ticksOf = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + ticksOf(child), all.get(pid)?.ticks ?? 0)
  return Object.fromEntries(
    Object.entries(roots).map(([name, pids]) => [
      name,
      pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / ticksPerSecond,
    ]),
  )
}
