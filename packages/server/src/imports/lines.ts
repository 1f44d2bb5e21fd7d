import type { Read } from './hit.ts'

/** Lines with their numbers; empty ones are none. What is wrong with the bytes is thrown, which readline keeps to itself. */
export async function* linesOf(text: AsyncIterable<Buffer>): AsyncIterable<{ line: number; content: string }> {
  const decoder = new TextDecoder()
  let line = 0
  let rest = ''
  for await (const chunk of text) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/)
    rest = parts.pop() ?? ''
    for (const content of parts) {
      line++
      if (content.trim() !== '') yield { line, content }
    }
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield { line: line + 1, content: rest }
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
