import { setTimeout as sleep } from 'node:timers/promises'
import { left } from './bounds.ts'

const killEveryMs = 50

/** Ends a query, whose comment begins with `name`, when the signal is given; the answer is that of `asking`, which runs it. */
export type EndedBy = <Answer>(
  signal: AbortSignal | undefined,
  name: string,
  asking: () => Promise<Answer>,
) => Promise<Answer>

/** @param run runs a statement beside the query that is to be ended */
export const endingBy =
  (run: (sql: string) => Promise<unknown>): EndedBy =>
  async (signal, name, asking) => {
    if (signal?.aborted) throw left()
    let isEnded = false
    const kill = async (): Promise<void> => {
      // One that ClickHouse has not begun yet is not found, so it is looked for until it has ended.
      while (!isEnded) {
        // The name is made here, a UUID; KILL takes no parameters.
        await run(`KILL QUERY WHERE startsWith(Settings['log_comment'], '${name}') ASYNC`)
        await sleep(killEveryMs)
      }
    }
    // Where it cannot be killed, its seconds end it.
    const onAbort = () => void kill().catch(() => undefined)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await asking()
    } finally {
      isEnded = true
      signal?.removeEventListener('abort', onAbort)
    }
  }
