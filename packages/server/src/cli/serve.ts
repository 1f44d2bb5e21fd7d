import { readConfig } from '../config.ts'
import { supervise } from './supervisor.ts'

const welcome = (port: number, dataFolder: string): string => `
  ClickWatch is running at http://localhost:${port}

  Try it     open http://localhost:${port}/demo/ beside the dashboard, click around, and watch the numbers move
  Use it     <script defer src="http://localhost:${port}/clickwatch.js"></script> on your own page
  Feed it    curl -H 'content-type: application/json' --data-binary @sessions.json http://localhost:${port}/v1/sessions

  Data lives in ${dataFolder}. Ctrl-C stops it.
`

/** Resolves at the first Ctrl-C or SIGTERM. */
export const untilAskedToStop = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })

/** `clickwatch serve`: the whole product on one port, until Ctrl-C. */
export const serve = async (port: number | undefined): Promise<number> => {
  const config = { ...readConfig(process.env), ...(port === undefined ? {} : { port }) }
  const asked = untilAskedToStop()
  const supervisor = await supervise(config, (line) => process.stderr.write(`${line}\n`))
  process.stdout.write(`${welcome(supervisor.port, config.dataFolder)}\n`)
  await asked
  process.stdout.write('\nStopping …\n')
  await supervisor.stop()
  process.stdout.write('Stopped. Everything is on disk.\n')
  return 0
}
