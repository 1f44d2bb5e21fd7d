import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Task } from './erase-child.ts'

const childPath = fileURLToPath(new URL('./erase-child.ts', import.meta.url))

/**
 * Removes what was processed of a site, or of one visitor of it, from the embedded stream: in a process of its own, since one that
 * reads the stream cannot write to it.
 */
export const eraseProcessed = async (task: Task): Promise<void> => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', childPath], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  // Not as an argument, which every account of the machine could read.
  child.stdin.end(JSON.stringify(task))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`erasing from the stream ended with ${code ?? 'a signal'}`)
}
