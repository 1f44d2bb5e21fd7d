import { execFileSync } from 'node:child_process'

/**
 * Megabytes (of 1,000,000 bytes) that the processes of an installation have in memory, by role and in all; pages that several share count
 * in each. As Linux's `ps` says.
 * @param starter the process that started it
 */
export const residentMb = (starter: number): Record<string, number> & { all: number } => {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,args='])
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, kilobytes, args = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      return pid === undefined
        ? []
        : { pid: Number(pid), parent: Number(parent), mb: (Number(kilobytes) * 1024) / 1e6, args }
    })
  const found: Record<string, number> & { all: number } = { all: 0 }
  const supervisors = processes.filter(({ parent, args }) => parent === starter && args.includes('clickwatch.js'))
  for (const supervisor of supervisors) {
    for (const { pid, parent, mb, args } of processes) {
      if (pid !== supervisor.pid && parent !== supervisor.pid) continue
      const role = /role\.ts (\w+)/.exec(args)?.[1] ?? (pid === supervisor.pid ? 'supervisor' : 'other')
      found[role] = Math.round((found[role] ?? 0) + mb)
      found.all += mb
    }
  }
  return { ...found, all: Math.round(found.all) }
}
