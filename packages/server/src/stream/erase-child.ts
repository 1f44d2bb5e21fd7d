import { text } from 'node:stream/consumers'
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
await eraseFromStream(folder, next, (json) => {
  const document = parse(json)
  if (document?.site !== site) return false
  if (visitor === undefined) return true
  if (document.kind === 'tracker') return document.visitor_id === visitor
  if (document.kind === 'session') return document.document.user_id === visitor
  return document.kind === 'refused' && document.document.includes(visitor)
})
