import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const childPath = fileURLToPath(new URL('./apart-child.ts', import.meta.url))
const limitMs = 60_000
const longestReason = 300

/**
 * Looks at files of this folder in a process of its own: LMDB and ClickHouse end the process that opens what is damaged.
 * @throws with what the process said, or how it ended
 */
export const lookApart = async <Found>(what: 'stream' | 'tables', folder: string): Promise<Found> => {
  try {
    const flags = ['--disable-warning=ExperimentalWarning', childPath, what, folder]
    const { stdout } = await promisify(execFile)(process.execPath, flags, { timeout: limitMs })
    return JSON.parse(stdout) as Found
  } catch (cause) {
    const { stderr = '', signal } = cause as { stderr?: string; signal?: string | null }
    const said = stderr.trim().split('\n').at(-1)?.slice(0, longestReason)
    throw new Error(said || `opening it ends the process (${signal ?? 'at once'})`)
  }
}
