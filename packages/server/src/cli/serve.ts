import { peopleOf } from '../accounts/people.ts'
import { setupCodeOf } from '../accounts/setup-code.ts'
import { readConfig } from '../config.ts'
import { withMetadata } from './settings-database.ts'
import { supervise } from './supervisor.ts'

const ownIt = (
  port: number,
  code: string,
): string => `  Own it     open http://localhost:${port}/setup and make your account; from another machine it asks for the code
             ${code}
`

/** The code by which the first account is made from elsewhere; undefined where there is one already. */
const setupCode = async (): Promise<string | undefined> => {
  let code: string | undefined
  await withMetadata(async (metadata) => {
    if (!(await peopleOf(metadata).hasOwner())) code = await setupCodeOf(metadata).tell()
  })
  return code
}

const welcome = (port: number, dataFolder: string, code: string | undefined): string => `
  ClickWatch is running at http://localhost:${port}

  Try it     open http://localhost:${port}/demo/ beside the dashboard, click around, and watch the numbers move
  Use it     <script defer src="http://localhost:${port}/clickwatch.js"></script> on your own page
  Feed it    curl -H 'content-type: application/json' --data-binary @sessions.json http://localhost:${port}/v1/sessions

${code === undefined ? '' : ownIt(port, code)}
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
  process.stdout.write(`${welcome(supervisor.port, config.dataFolder, await setupCode())}\n`)
  await asked
  process.stdout.write('\nStopping …\n')
  await supervisor.stop()
  process.stdout.write('Stopped. Everything is on disk.\n')
  return 0
}
