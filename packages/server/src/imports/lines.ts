import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { Read } from './hit.ts'

/** Lines with their numbers; empty ones are none. */
export async function* linesOf(text: AsyncIterable<Buffer>): AsyncIterable<{ line: number; content: string }> {
  let line = 0
  const lines = createInterface({ input: Readable.from(text), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const content of lines) {
    line++
    if (content.trim() !== '') yield { line, content }
  }
}

/** Reads each line as a JSON object of its own. */
export async function* jsonLinesOf(
  text: AsyncIterable<Buffer>,
  read: (row: Record<string, unknown>) => Read | Read[],
): AsyncIterable<Read & { line: number }> {
  for await (const { line, content } of linesOf(text)) {
    let row: unknown
    try {
      row = JSON.parse(content)
    } catch {
      yield { line, wrong: 'is no JSON object' }
      continue
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) yield { line, wrong: 'is no JSON object' }
    else for (const each of [read(row as Record<string, unknown>)].flat()) yield { line, ...each }
  }
}
