import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, statSync, type WriteStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { SessionDocument } from '@clickwatch/contract'
import { checkSession } from '../collect/session-document.ts'
import { readConfig } from '../config.ts'
import { replayAll } from '../demo/replay.ts'
import { messageOf, StartError, systemCodeOf } from '../errors.ts'
import { accessLog } from '../imports/access-log.ts'
import { ga4 } from '../imports/ga4.ts'
import type { Format, Given, Hit } from '../imports/hit.ts'
import { matomo } from '../imports/matomo.ts'
import { archivedVisits } from '../imports/plausible/archive.ts'
import { umami } from '../imports/umami.ts'
import { visitsOf } from '../imports/visits.ts'
import { importedPrefix, sumsPrefix } from '../store/theirs.ts'
import { isTimeZone } from '../time-zone.ts'
import { exitCodes, UsageError } from './command.ts'
import { print } from './settings-database.ts'

export const formats = { umami, ga4, matomo, 'access-log': accessLog } satisfies Record<string, Format>
/** Plausible's is an archive of sums, and is read as a whole. */
export type FormatName = keyof typeof formats | 'plausible'

const idLength = 10
/** How the id of an import of sums begins (store/theirs.ts). */
const sumsId = sumsPrefix.slice(importedPrefix.length)
const sayEveryMs = 1000

/** What files are known by, whatever they are called: sent again they are the same import. */
const hashOf = async (paths: readonly string[]): Promise<string> => {
  const hash = createHash('sha256')
  for (const path of paths) for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

type Counted = { hits: number; left: Map<string, number>; wrong: number; readBytes: number; totalBytes: number }

async function* countedBytes(path: string, counted: Counted): AsyncIterable<Buffer> {
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    counted.readBytes += chunk.length
    yield chunk
  }
}

/** Notes what could not be used, with its place and the reason; what it was stays in its file, since it may have addresses in it. */
const refusals = (path: string) => {
  let file: WriteStream | undefined
  return {
    async note(refused: { file: string; line?: number; reason: string }): Promise<void> {
      file ??= createWriteStream(path)
      if (!file.write(`${JSON.stringify(refused)}\n`)) await once(file, 'drain')
    },
    close: async (): Promise<void> => {
      if (file) await new Promise((resolve) => file?.end(resolve))
    },
  }
}

type Import = {
  name: FormatName
  id: string
  paths: readonly string[]
  given: Given
  counted: Counted
  refused: ReturnType<typeof refusals>
}

/** What the files hold, in their order; what counts for nothing, and what cannot be read, is counted. @throws {StartError} */
async function* hitsOf(format: Format, { paths, given, counted, refused }: Import): AsyncIterable<Hit> {
  for (const path of paths) {
    const bytes = Readable.from(countedBytes(path, counted))
    // An end in the midst of it is told where it is read.
    const text: AsyncIterable<Buffer> = path.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes
    try {
      for await (const read of format(text, given)) {
        if ('hit' in read) {
          counted.hits++
          yield read.hit
        } else if ('left' in read) counted.left.set(read.left, (counted.left.get(read.left) ?? 0) + 1)
        else {
          counted.wrong++
          await refused.note({ file: basename(path), line: read.line, reason: read.wrong })
        }
      }
    } catch (error) {
      if (!systemCodeOf(error)?.startsWith('Z_')) throw error
      throw new StartError(`${path} is no whole gzipped file: ${messageOf(error)}.`, { cause: error })
    }
  }
}

/** The visits of files, and what is told of them in the end. @throws {StartError} */
const visitsIn = (one: Import): { visits: AsyncIterable<SessionDocument>; notes: () => string[] } => {
  const { name, id, paths, given, counted, refused } = one
  if (name !== 'plausible') {
    const count = () => counted.left.set('visits without a page', (counted.left.get('visits without a page') ?? 0) + 1)
    return { visits: visitsOf(id, hitsOf(formats[name], one), count), notes: () => [] }
  }
  const [path, ...others] = paths
  if (path === undefined || others.length > 0) throw new StartError('An export of Plausible is one zip file: name one.')
  return archivedVisits(path, {
    ...{ id, host: given.host },
    onSize: (bytes) => {
      counted.totalBytes = bytes
    },
    onBytes: (bytes) => {
      counted.readBytes += bytes
    },
    onEvents: (events) => {
      counted.hits += events
    },
    async onWrong(wrong) {
      counted.wrong++
      await refused.note(wrong)
    },
  })
}

/** Those visits that the server will take; of the others it is noted why not. */
async function* acceptable(
  visits: AsyncIterable<SessionDocument>,
  { counted, refused }: Import,
): AsyncIterable<SessionDocument> {
  for await (const visit of visits) {
    const checked = checkSession(visit)
    if (checked.ok) {
      yield visit
      continue
    }
    counted.wrong++
    await refused.note({
      file: '',
      reason: `the visit that begins ${visit.timestamp}: ${checked.field} ${checked.reason}`,
    })
  }
}

const sayProgress = (bytes: number, total: number, startedMs: number): void => {
  const share = bytes / Math.max(total, 1)
  const seconds = (performance.now() - startedMs) / 1000
  const left = share > 0 ? `, about ${Math.ceil((seconds * (1 - share)) / share)} s to go` : ''
  const text = `${Math.round(share * 100)} % read${left}`
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${text}` : `${text}\n`)
}

/** `clickwatch import umami|ga4|matomo|access-log|plausible FILE … --site SITE`: sends the visits of files to a ClickWatch that runs. */
export const importFiles = async (
  name: FormatName,
  paths: readonly string[],
  { site, url, host = 'unknown', 'time-zone': timeZone = 'UTC' }: Readonly<Record<string, string | undefined>>,
  isJson: boolean,
): Promise<number> => {
  const missing = paths.find((path) => !existsSync(path))
  if (missing !== undefined) throw new StartError(`There is no ${missing}.`)
  if (!isTimeZone(timeZone)) {
    throw new UsageError(`--time-zone is '${timeZone}'; a name such as Europe/Berlin is expected.`)
  }
  const config = readConfig(process.env)
  const secret = await hashOf(paths)
  const id = (name === 'plausible' ? sumsId : '') + secret.slice(0, idLength)
  const refusedPath = `clickwatch-import-${id}.refused.ndjson`
  const totalBytes = paths.reduce((sum, path) => sum + statSync(path).size, 0)
  const counted: Counted = { hits: 0, left: new Map(), wrong: 0, readBytes: 0, totalBytes }
  const one: Import = { name, id, paths, given: { secret, host, timeZone }, counted, refused: refusals(refusedPath) }
  const made = visitsIn(one)
  const startedMs = performance.now()
  const saying = setInterval(() => sayProgress(counted.readBytes, counted.totalBytes, startedMs), sayEveryMs)
  let visits = 0
  try {
    const target = {
      baseUrl: url ?? `http://localhost:${config.port}`,
      apiKey: config.apiKey,
      signal: new AbortController().signal,
      ...(site === undefined ? {} : { site }),
    }
    await replayAll(target, acceptable(made.visits, one), (count) => {
      visits += count
    })
  } catch (error) {
    if (error instanceof TypeError && error.message === 'fetch failed') {
      throw new StartError('There is no ClickWatch to send it to: start one, or say where it is by --url.', {
        cause: error,
      })
    }
    throw error
  } finally {
    clearInterval(saying)
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K')
    await one.refused.close()
  }
  if (isJson) {
    const left = Object.fromEntries(counted.left)
    const notes = made.notes()
    print(
      JSON.stringify({
        id,
        visits,
        events: counted.hits,
        left,
        refused: counted.wrong,
        ...(notes.length > 0 ? { notes } : {}),
      }),
    )
    return exitCodes.done
  }
  print(`${counted.hits} events of ${visits} visits are imported as ${id}.`)
  const reasons = [...counted.left].map(([reason, count]) => `${count} ${reason}`)
  if (reasons.length > 0) print(`Left out: ${reasons.join(', ')}.`)
  if (counted.wrong > 0) print(`${counted.wrong} could not be read: ${refusedPath} says which, and why.`)
  for (const note of made.notes()) print(note)
  print(`Taken back it is by: clickwatch import undo ${id} --site ${site ?? 'default'}`)
  return exitCodes.done
}
