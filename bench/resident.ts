import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Megabytes (of 1,000,000 bytes) of a process; of a page that several share, each has its part (PSS). What the system has in its cache of
 * LMDB's files, the stream's above all, is mapped, and would count: it grows with what is on the disk, and is given back as soon as
 * anything else needs it. 0 of a process that has ended.
 */
const megabytesOf = (pid: number): number => {
  let text = ''
  try {
    text = readFileSync(`/proc/${pid}/smaps`, 'utf8')
  } catch {
    return 0
  }
  let isCache = false
  let kilobytes = 0
  for (const line of text.split('\n')) {
    if (line.startsWith('Pss:')) kilobytes += isCache ? 0 : Number(/\d+/.exec(line)?.[0])
    // A mapping begins with its addresses and ends with its file; the lines of its measures begin with their names.
    else if (/^[0-9a-f]+-/.test(line)) isCache = line.endsWith('.mdb')
  }
  return (kilobytes * 1024) / 1e6
}

/**
 * What the processes of an installation have in memory, in megabytes, by role and in all. On Linux, which tells it.
 * @param starter the process that started it
 */
export const residentMb = (starter: number): Record<string, number> & { all: number } => {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='])
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      return pid === undefined ? [] : { pid: Number(pid), parent: Number(parent), args }
    })
  const supervisors = processes.filter(({ parent, args }) => parent === starter && args.includes('clickwatch.js'))
  const found: Record<string, number> & { all: number } = { all: 0 }
  for (const supervisor of supervisors) {
    for (const { pid, args } of processes.filter((each) => each === supervisor || each.parent === supervisor.pid)) {
      const megabytes = Math.round(megabytesOf(pid))
      const role = /role\.ts (\w+)/.exec(args)?.[1] ?? 'supervisor'
      found[role] = (found[role] ?? 0) + megabytes
      found.all += megabytes
    }
  }
  return found
}
