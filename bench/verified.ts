import { type ClickWatch, runCommand, untilStored } from '../test/fixtures/clickwatch.ts'
import type { Figure } from './figures.ts'

/** Whether what was measured has left every number as it has to be: what `clickwatch verify` says once all is stored. */
export const verifiedAfter = async (area: string, clickWatch: ClickWatch): Promise<Figure> => {
  await untilStored(clickWatch)
  const { exited, output } = runCommand(['verify'], { CLICKWATCH_DATA: clickWatch.dataFolder })
  const exitCode = await exited
  if (exitCode !== 0) process.stdout.write(`${output()}\n`)
  return { name: `${area}_verify_exit_code`, value: exitCode ?? 1, atMost: 0 }
}
