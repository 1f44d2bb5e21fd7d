import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Megabytes (of 1,000,000 bytes) of a process; of a page that several share, each has its part (PSS). 0 of one that has ended. */
const megabytesOf = (pid: number): number => {
  try {
    const [, kilobytes = '0'] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
    return (Number(kilobytes) * 1024) / 1e6
  } catch {
    return 0
  }
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
