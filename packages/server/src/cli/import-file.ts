import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { readConfig } from '../config.ts'
import { replayAll } from '../demo/replay.ts'
import { StartError } from '../errors.ts'
import { accessLog } from '../imports/access-log.ts'
import { ga4 } from '../imports/ga4.ts'
import type { Format, Hit } from '../imports/hit.ts'
import { matomo } from '../imports/matomo.ts'
import { umami } from '../imports/umami.ts'
import { visitsOf } from '../imports/visits.ts'
import { exitCodes } from './command.ts'
import { print } from './settings-database.ts'

export const formats = { umami, ga4, matomo, 'access-log': accessLog } satisfies Record<string, Format>
export type FormatName = keyof typeof formats

const idLength = 10
const sayEveryMs = 1000

/** What a file is known by, whatever it is called: sent again it is the same import. */
const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

type Counted = { hits: number; left: Map<string, number>; wrong: number; readBytes: number }

async function* countedBytes(path: string, counted: Counted): AsyncIterable<Buffer> {
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    counted.readBytes += chunk.length
    yield chunk
  }
}

/** What a file holds; what counts for nothing, and what cannot be read, is counted, and the latter noted with its line and reason. */
async function* hitsOf(
  name: FormatName,
  path: string,
  secret: string,
  counted: Counted,
  refusedPath: string,
): AsyncIterable<Hit> {
  const bytes = Readable.from(countedBytes(path, counted))
  const text: AsyncIterable<Buffer> = path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes
  let refused: ReturnType<typeof createWriteStream> | undefined
  for await (const read of formats[name](text, secret)) {
    if ('hit' in read) {
      counted.hits++
      yield read.hit
    } else if ('left' in read) counted.left.set(read.left, (counted.left.get(read.left) ?? 0) + 1)
    else {
      counted.wrong++
      // The line itself stays in the file: it may have addresses in it.
      refused ??= createWriteStream(refusedPath)
      refused.write(`${JSON.stringify({ file: basename(path), line: read.line, reason: read.wrong })}\n`)
    }
  }
  if (refused) await new Promise((resolve) => refused.end(resolve))
}

const sayProgress = (bytes: number, total: number, startedMs: number): void => {
  const share = bytes / Math.max(total, 1)
  const seconds = (performance.now() - startedMs) / 1000
  const left = share > 0 ? `, about ${Math.ceil((seconds * (1 - share)) / share)} s to go` : ''
  const text = `${Math.round(share * 100)} % read${left}`
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${text}` : `${text}\n`)
}

/** `clickwatch import umami|ga4|matomo|access-log FILE --site SITE`: sends the visits of a file to a ClickWatch that runs. */
export const importFile = async (
  name: FormatName,
  path: string,
  { site, url }: Readonly<Record<string, string | undefined>>,
  isJson: boolean,
): Promise<number> => {
  if (!existsSync(path)) throw new StartError(`There is no ${path}.`)
  const config = readConfig(process.env)
  const content = await hashOf(path)
  const id = content.slice(0, idLength)
  const refusedPath = `clickwatch-import-${id}.refused.ndjson`
  const counted: Counted = { hits: 0, left: new Map(), wrong: 0, readBytes: 0 }
  const [total, startedMs] = [statSync(path).size, performance.now()]
  const saying = setInterval(() => sayProgress(counted.readBytes, total, startedMs), sayEveryMs)
  let visits = 0
  try {
    const target = {
      baseUrl: url ?? `http://localhost:${config.port}`,
      apiKey: config.apiKey,
      signal: new AbortController().signal,
      ...(site === undefined ? {} : { site }),
    }
    await replayAll(target, visitsOf(id, hitsOf(name, path, content, counted, refusedPath)), (count) => {
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
  }
  const left = Object.fromEntries(counted.left)
  if (isJson) print(JSON.stringify({ id, visits, events: counted.hits, left, refused: counted.wrong }))
  else {
    print(`${counted.hits} events of ${visits} visits are imported as ${id}.`)
    const reasons = [...counted.left].map(([reason, count]) => `${count} ${reason}`)
    if (reasons.length > 0) print(`Left out: ${reasons.join(', ')}.`)
    if (counted.wrong > 0) print(`${counted.wrong} could not be read: ${refusedPath} says which, and why.`)
    print(`Taken back it is by: clickwatch import undo ${id} --site ${site ?? 'default'}`)
  }
  return exitCodes.done
}
