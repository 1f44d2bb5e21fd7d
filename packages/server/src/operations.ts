import { writeFile } from 'node:fs/promises'
import type { OperationLine } from '@clickwatch/contract'
import type { ScrubOf } from './collect/scrub.ts'
import { checkSession, enrichSession } from './collect/session-document.ts'
import { ClickWatchError, messageOf } from './errors.ts'
import type { Lake } from './lake/lake.ts'
import { createLakeOperations } from './lake/operations.ts'
import { fileOfMetadata } from './metadata/copy.ts'
import { type Metadata, metadataFile } from './metadata/database.ts'
import { eraseIdeasOf } from './metadata/ideas.ts'
import { backUp } from './pipeline/backup.ts'
import { erase } from './pipeline/erase.ts'
import { knownVisitor } from './pipeline/known.ts'
import { embeddedStream, type Positions } from './pipeline/positions.ts'
import type { VisitRulesOf } from './pipeline/read.ts'
import { rebuild } from './pipeline/rebuild.ts'
import { type DeadLetter, replayLetters } from './pipeline/replay.ts'
import type { Turns } from './pipeline/standstill.ts'
import { verify } from './pipeline/verify.ts'
import { spread } from './store/spread.ts'
import type { Store } from './store/store.ts'
import { everyoneOf, importedPrefix } from './store/theirs.ts'
import type { StreamDocument } from './stream/document.ts'
import { eraseProcessed } from './stream/erase.ts'

export type Say = (line: OperationLine) => void
/** What an operator may ask of a running engine, one at a time. */
export type Operations = Record<string, (say: Say, argument: string) => Promise<void>>

/** Has something erased by the operation of that name, for who waits for its last word. @returns what went, and what still holds it */
export const erasedBy =
  (operations: Operations) =>
  async (erasure: { site: string; visitor?: string; keeps_ideas?: true }): Promise<string> => {
    let sentence = ''
    const hear: Say = (line) => {
      if (line.type === 'done') sentence = line.sentence
    }
    await operations.erase?.(hear, JSON.stringify(erasure))
    return sentence
  }

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a letter says by today's rules: a record that could not be read, or a session document that was not as expected. */
const readLetter = ({ site, reason, document }: DeadLetter, scrubOf: ScrubOf): StreamDocument | undefined => {
  const value = parse(document)
  if (reason === 'unreadable') {
    const kind = (value as StreamDocument | undefined)?.kind
    return kind === 'tracker' || kind === 'session' ? (value as StreamDocument) : undefined
  }
  const checked = checkSession(value)
  // A letter may have come before secrets were taken out of what arrives.
  return checked.ok ? enrichSession(scrubOf(site).document(checked.value), site) : undefined
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(text).toJSON()?.startsWith(text) === true
const dayExpected = (text: string): string => `--from is '${text}'; a day such as 2026-06-01 is expected.`

/** What became of an erasure in the lake, as a part of a sentence. */
const forgottenBy = async (lake: Lake): Promise<string> => {
  try {
    await lake.forgetErased()
    return ', from the lake, too'
  } catch (error) {
    return ` here, and from the lake as soon as it can be written to (${messageOf(error)})`
  }
}

const forgottenLater = ' here, and from the lake as soon as whoever writes it looks'

const many = (count: number, one: string, several = `${one}s`): string => `${count} ${count === 1 ? one : several}`

export const createOperations = (options: {
  store: Store
  pipeline: Turns
  positions: Positions
  partitions: number
  rulesOf: VisitRulesOf
  scrubOf: ScrubOf
  /** Whether anything is removed once its time is over. */
  isExpiring: () => boolean
  metadata: Metadata
  /** The key of user ids. */
  secretOfIds: () => Promise<string>
  /** Which one is read, and where the embedded one lies. */
  stream: { name: string; folder: string }
  lake: Lake | undefined
  /** Whether a lake is kept, here or by other processes, that has to be told of erasures; as `lake` says where it is left out. */
  isCopied?: () => Promise<boolean>
}): Operations => {
  const { store, pipeline, positions, partitions, rulesOf, scrubOf, isExpiring, metadata, secretOfIds, stream, lake } =
    options
  const { isCopied = async () => lake !== undefined } = options
  let underWay: string | undefined

  const operations: Operations = {
    async rebuild(say, day) {
      const from = day === '' ? undefined : Date.parse(day)
      if (from !== undefined && !isDay(day)) throw new ClickWatchError('invalid_field', 400, dayExpected(day))
      let records = 0
      await rebuild({
        store,
        rulesOf,
        from,
        between: (work) => pipeline.between(work),
        onProgress: (progress) => {
          records = progress.records
          const { total, etaS } = progress
          say({ type: 'progress', done: records, total, ...(etaS === undefined ? {} : { eta_s: etaS }) })
        },
      })
      const whose = from === undefined ? '' : `, of the visitors who came since ${day}; the others are as they were`
      say({
        type: 'done',
        sentence: `Silver and gold are made anew from ${many(records, 'record')}${whose}.`,
        is_good: true,
      })
    },
    async spread(say) {
      const { before, now } = await spread({
        store,
        between: (work) => pipeline.between(work),
        onProgress: (progress) => say({ type: 'progress', ...progress }),
      })
      const sentence = `Silver and gold are spread over ${many(now, 'ClickHouse node')}, and were over ${before}.`
      say({ type: 'done', sentence, is_good: true })
    },
    async verify(say) {
      const differing = await pipeline.still(() =>
        verify({
          store,
          positions,
          partitions,
          isExpiring: isExpiring(),
          onCheck: (check) => say({ type: 'check', ...check }),
        }),
      )
      const sentence = differing === 0 ? 'Everything adds up.' : `${many(differing, 'check')} differ.`
      say({ type: 'done', sentence, is_good: differing === 0 })
    },
    async 'replay-dead-letters'(say) {
      const { letters, replayed } = await replayLetters({
        store,
        pipeline,
        partitions,
        rulesOf,
        read: (letter) => readLetter(letter, scrubOf),
        onProgress: (progress) => say({ type: 'progress', done: progress.replayed, total: progress.letters }),
      })
      const sentence = `${replayed} of ${many(letters, 'dead letter')} could be understood, and were counted; the others stay.`
      say({ type: 'done', sentence, is_good: true })
    },
    async 'list-imports'(say) {
      const imports = await store.query<{ site: string; id: string; visits: number; first: string; last: string }>(
        `SELECT site, splitByChar(':', visitor_id)[2] AS id, toInt64(sum(sign)) AS visits,
           toString(toDate(min(start))) AS first, toString(toDate(max(start))) AS last
         FROM silver.sessions WHERE startsWith(visitor_id, {prefix:String}) GROUP BY site, id HAVING visits > 0 ORDER BY site, first`,
        { prefix: importedPrefix },
      )
      const lines = imports.map(
        ({ site, id, visits, first, last }) => `${id}  ${site}  ${many(visits, 'visit')}, ${first} to ${last}`,
      )
      say({ type: 'done', sentence: lines.join('\n') || 'Nothing was imported.', is_good: true })
    },
    async 'undo-import'(say, argument) {
      const { site, id } = JSON.parse(argument) as { site: string; id: string }
      await operations.erase?.(say, JSON.stringify({ site, visitor: `${importedPrefix}${id}:${everyoneOf}` }))
    },
    async erase(say, argument) {
      const { site, visitor, keeps_ideas } = JSON.parse(argument) as {
        site: string
        visitor?: string
        keeps_ideas?: true
      }
      // First, since what is begun of the events is ended by itself. Who left an address is tied to no visitor, so that one visitor's
      // cannot be found.
      const left = visitor === undefined && !keeps_ideas ? await eraseIdeasOf(metadata, site) : undefined
      const isInLake = await isCopied()
      const events = await pipeline.between(async () => {
        if (stream.name === embeddedStream) {
          const next = (await positions.reached(partitions)).map(({ place }) => place.offset)
          await eraseProcessed({ folder: stream.folder, next, site, visitor })
        }
        return erase(store, { site, visitorId: visitor }, isInLake)
      })
      const inLake = lake ? await forgottenBy(lake) : isInLake ? forgottenLater : ''
      const isImport = visitor?.startsWith(importedPrefix) && visitor.endsWith(everyoneOf)
      const whose =
        visitor === undefined ? `site ${site}` : isImport ? `the import of ${site}` : `one visitor of ${site}`
      // What is in a stream elsewhere goes when its time there is over.
      const stillHolding =
        stream.name === embeddedStream ? 'Backups' : 'Backups, and the stream for as long as it keeps messages,'
      say({
        type: 'done',
        sentence: `${many(events, 'event')} of ${whose} are erased${inLake}${left === undefined ? '' : `, and ${many(left.ideas, 'idea')} with ${many(left.addresses, 'address', 'addresses')}`}. ${stillHolding} still hold them.`,
        is_good: true,
      })
    },
    async 'export-visitor'(say, argument) {
      const { site, visitor, path } = JSON.parse(argument) as { site: string; visitor: string; path: string }
      const known = await pipeline.still(() => knownVisitor({ store, lake }, site, visitor))
      const rows = [...Object.values(known.tables), ...Object.values(known.lake ?? {})].flat().length
      // What it holds is a person's: for the account that runs the server alone, and over nothing that is there.
      await writeFile(path, `${JSON.stringify(known, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' }).catch(
        (cause: unknown) => {
          throw new ClickWatchError('not_written', 400, `${path} could not be written: ${messageOf(cause)}`, { cause })
        },
      )
      say({ type: 'done', sentence: `${many(rows, 'row')} of one visitor of ${site} are in ${path}.`, is_good: true })
    },
    async backup(say, folder) {
      if (folder === '')
        throw new ClickWatchError('invalid_field', 400, 'folder is missing; an absolute path is expected')
      const reached = await pipeline.still(() => positions.reached(partitions))
      const next = reached.map((each) => each.next)
      const total = next.reduce((sum, offset) => sum + offset, 0)
      const { records } = await backUp({
        store,
        folder,
        next,
        stream: stream.name,
        places: reached.map(({ place }) => place),
        files: {
          // The day's salt is thrown away with its day, so it is in no backup.
          'identity.json': JSON.stringify({ secret: await secretOfIds(), salt: { day: '', value: '' } }),
          [metadataFile]: await fileOfMetadata(metadata),
        },
        onProgress: (done) => say({ type: 'progress', done, total }),
      })
      say({ type: 'done', sentence: `${many(records, 'record')} more are in ${folder}.`, is_good: true })
    },
  }

  Object.assign(operations, createLakeOperations(lake))

  const oneAtATime =
    (name: string, operation: Operations[string]): Operations[string] =>
    async (say, argument) => {
      if (underWay) throw new ClickWatchError('busy', 409, `${underWay} is under way; ask again when it is done.`)
      underWay = name
      try {
        await operation(say, argument)
      } finally {
        underWay = undefined
      }
    }
  return Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, oneAtATime(name, operation)]))
}
