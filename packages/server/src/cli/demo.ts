import type { QueryAnswer } from '@clickwatch/contract'
import { SingleBar } from 'cli-progress'
import { type Config, readConfig } from '../config.ts'
import { generate, generateLive } from '../demo/generate.ts'
import { replayAll, replayLive, type Target } from '../demo/replay.ts'
import type { Given } from './command.ts'
import { portOf, wholeNumber } from './options.ts'
import { untilAskedToStop } from './serve.ts'
import { supervise } from './supervisor.ts'

type Options = { port?: number; days: number; sessions: number; rate: number; seed: number; print?: number }

const dayMs = 86_400_000
/** A history ends this long ago, so that none of its visits goes on into the future. */
const settledMs = 30 * 60_000
/** What is printed begins here whenever it is printed. */
const printedFromMs = Date.UTC(2026, 0, 1)

const readOptions = (values: Given['values']): Options => {
  const port = portOf(values.port)
  return {
    ...(port === undefined ? {} : { port }),
    days: wholeNumber('days', values.days ?? '90', 3650),
    sessions: wholeNumber('sessions', values.sessions ?? '20000', 10_000_000),
    rate: wholeNumber('rate', values.rate ?? '30', 6000),
    seed: wholeNumber('seed', values.seed ?? '1', 2 ** 32 - 1),
    ...(values.print === undefined ? {} : { print: wholeNumber('print', values.print, 10_000_000) }),
  }
}

const print = ({ seed, days }: Options, sessions: number): void => {
  const plan = { seed, sessions, fromMs: printedFromMs, untilMs: printedFromMs + Math.max(1, days) * dayMs }
  process.stdout.write(`${JSON.stringify([...generate(plan)], null, 2)}\n`)
}

const countVisits = async ({ baseUrl, apiKey, signal }: Target): Promise<number> => {
  const response = await fetch(`${baseUrl}/api/v2/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
    body: JSON.stringify({ metrics: ['visits'], date_range: 'all' }),
    signal,
  })
  if (!response.ok) throw new Error(`Asking for the visits failed: ${response.status} ${await response.text()}`)
  const { results } = (await response.json()) as QueryAnswer
  return results[0]?.metrics[0] ?? 0
}

/** Sends the history with a progress bar; plain lines where nobody watches. */
const sendHistory = async (target: Target, { seed, sessions, days }: Options): Promise<void> => {
  const untilMs = Date.now() - settledMs
  const documents = generate({ seed, sessions, fromMs: untilMs - days * dayMs, untilMs })
  const bar = new SingleBar({
    format: '  {bar} {percentage} %  {value} of {total} visits  {eta_formatted}',
    barsize: 30,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 2000,
  })
  process.stdout.write(`  Making up ${days} days of visitors …\n`)
  bar.start(sessions, 0)
  try {
    await replayAll(target, documents, (count) => bar.increment(count))
  } finally {
    bar.stop()
  }
}

const feed = async (target: Target, options: Options): Promise<void> => {
  if (options.days > 0 && options.sessions > 0) {
    if ((await countVisits(target)) > 0) process.stdout.write('  The history is there already.\n')
    else await sendHistory(target, options)
  }
  process.stdout.write(
    options.rate > 0
      ? `  From now on ${options.rate} visits a minute. Ctrl-C stops it.\n\n`
      : '  That was all of it. Ctrl-C stops the server.\n\n',
  )
  if (options.rate > 0) await replayLive(target, generateLive(options.seed, Date.now), options.rate)
}

const configOf = ({ port }: Options): Config => {
  // Made-up visitors never come among real ones by accident.
  const config = readConfig({ ...process.env, CLICKWATCH_DATA: process.env.CLICKWATCH_DATA || 'data-demo' })
  return port === undefined ? config : { ...config, port }
}

/** `clickwatch demo`: the whole product, fed with generated traffic until Ctrl-C. */
export const demo = async (values: Given['values']): Promise<number> => {
  const options = readOptions(values)
  if (options.print !== undefined) {
    print(options, options.print)
    return 0
  }
  const config = configOf(options)
  const ending = new AbortController()
  const asked = untilAskedToStop().then(() => ending.abort())
  const supervisor = await supervise(config, (line) => process.stderr.write(`${line}\n`))
  const baseUrl = `http://localhost:${supervisor.port}`
  process.stdout.write(`
  ClickWatch is running at ${baseUrl} with made-up visitors

  Look       open ${baseUrl} and watch the numbers move
  Take part  open ${baseUrl}/demo/ beside it and click around

  Data lives in ${config.dataFolder}.

`)
  try {
    await feed({ baseUrl, apiKey: config.apiKey, signal: ending.signal }, options)
    await asked
  } catch (error) {
    if (!ending.signal.aborted) throw error
  } finally {
    process.stdout.write('\nStopping …\n')
    await supervisor.stop()
  }
  process.stdout.write('Stopped. Everything is on disk.\n')
  return 0
}
