import { text } from 'node:stream/consumers'
import { everyoneOf, importedPrefix } from '../store/theirs.ts'
import type { StreamDocument } from './document.ts'
import { eraseFromStream } from './embedded.ts'

export type Task = { folder: string; next: number[]; site: string; visitor: string | undefined }

const parse = (json: string): StreamDocument | undefined => {
  try {
    return JSON.parse(json) as StreamDocument
  } catch {
    return undefined
  }
}

const { folder, next, site, visitor } = JSON.parse(await text(process.stdin)) as Task
// As store/theirs.ts has it in SQL.
const isImport = visitor?.startsWith(importedPrefix) === true && visitor.endsWith(everyoneOf)
const named = isImport ? visitor.slice(0, -1) : (visitor ?? '')
const isTheirs = (id: string): boolean => (isImport ? id.startsWith(named) : id === named)

await eraseFromStream(folder, next, (json) => {
  const document = parse(json)
  if (document?.site !== site) return false
  if (visitor === undefined) return true
  if (document.kind === 'tracker') return isTheirs(document.visitor_id)
  if (document.kind === 'session') return isTheirs(document.document.user_id)
  return document.kind === 'refused' && document.document.includes(named)
})
