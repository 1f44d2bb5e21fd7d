import { invalidField, messageOf } from '../../errors.ts'
import type { Store } from '../store.ts'
import { mayBeCalled } from './functions.ts'

/** Of a statement, in characters. */
export const longestStatement = 20_000

/** What a SELECT is made of, as EXPLAIN AST names it. Everything else a statement may have is refused: SETTINGS, FORMAT, APPLY, EXPLAIN … */
const parts: ReadonlySet<string> = new Set([
  'ArrayJoin',
  'Asterisk',
  'ColumnsExceptTransformer',
  'ColumnsListMatcher',
  'ColumnsRegexpMatcher',
  'ColumnsTransformerList',
  'ExpressionList',
  'Function',
  'Identifier',
  'InterpolateElement',
  'Literal',
  'OrderByElement',
  'QualifiedAsterisk',
  'QualifiedColumnsListMatcher',
  'QualifiedColumnsRegexpMatcher',
  'SampleRatio',
  'SelectIntersectExceptQuery',
  'SelectQuery',
  'SelectWithUnionQuery',
  'Subquery',
  'TableExpression',
  'TableIdentifier',
  'TableJoin',
  'TablesInSelectQuery',
  'TablesInSelectQueryElement',
  'WindowDefinition',
  'WindowListElement',
  'WithElement',
])

const refused = (sentence: string) => invalidField('sql', sentence)

/**
 * What a line of EXPLAIN AST has that is not for the console; undefined where it is. A line is indented by its depth, and says what it
 * is, its name, its alias and how many children it has.
 */
const complaintOf = (line: string): string | undefined => {
  const [, part = '', name = ''] = /^ *(\w+) ?(\S*)/.exec(line) ?? []
  if (part === 'Set') return 'has SETTINGS, which are fixed here'
  if (!parts.has(part))
    return `has ${part === '' ? 'something' : part}, which is not for the console; a SELECT is expected`
  // Only the one around it all has more children: what comes behind a statement, such as a file to write to.
  if (part === 'SelectWithUnionQuery' && !line.endsWith('(children 1)')) {
    return 'ends with FORMAT or INTO OUTFILE; the format is chosen beside it'
  }
  if (part === 'Function' && !mayBeCalled(name)) return `calls ${name}, which is not for the console`
  if (part === 'TableIdentifier' && !/^[a-z_]\w*$/i.test(name)) {
    return `reads ${name}; a table of the console is expected, by its name alone`
  }
  // A name behind IN may be a table.
  if (part === 'Identifier' && /^(system|information_schema)\./i.test(name))
    return `names ${name}, which is not for the console`
  return undefined
}

/** What ClickHouse says of a text that it cannot read, without what stands around it. */
const saidOf = (error: unknown): string =>
  messageOf(error)
    .replace(/^.*?DB::Exception: /s, '')
    .replace(/\. Expected (one of: )?[\s\S]*$/, '.')
    .replace(/: In scope [\s\S]*$|\s*\((SYNTAX_ERROR|BAD_ARGUMENTS|UNKNOWN_QUERY_PARAMETER)\)[\s\S]*$/, '')
    .slice(0, 500)

const asked = async <Row>(store: Store, sql: string, parameters: Record<string, string>): Promise<Row[]> => {
  try {
    return await store.query<Row>(sql, parameters)
  } catch (error) {
    if (
      /SYNTAX_ERROR|UNKNOWN_QUERY_PARAMETER|TOO_DEEP|TOO_BIG|TOO_SLOW_PARSING|BAD_ARGUMENTS|max_parser/i.test(
        messageOf(error),
      )
    ) {
      throw refused(`is not understood: ${saidOf(error)}`)
    }
    throw error
  }
}

/**
 * Somebody's own SQL as ClickHouse's parser wrote it down anew: one SELECT, of functions that compute and tables that are named alone.
 * What is run is that text, so that there is nothing in it that was not looked at. What it may read is decided by the account it runs
 * under (docs/decisions/0046-console.md).
 * @throws {ClickWatchError} 400 naming what is not for the console
 */
export const readStatement = async (tables: Store, sql: string): Promise<string> => {
  // One place, which takes the text as it is.
  const [store = tables] = tables.nodes()
  if (sql.trim() === '') throw refused('is empty; a SELECT is expected')
  if (sql.length > longestStatement) throw refused(`is longer than ${longestStatement} characters`)
  // More than one statement is an error here.
  const [written] = await asked<{ text: string }>(store, 'SELECT formatQuery({sql:String}) AS text', { sql })
  const text = written?.text ?? ''
  // What may stand in brackets is a question: nothing that sets, writes, or goes elsewhere with its answer.
  const bracketed = "SELECT formatQuery(concat('SELECT * FROM (\n', {text:String}, '\n)')) AS text"
  await asked(store, bracketed, { text }).catch((error: unknown) => {
    throw refused(`is no plain SELECT: ${saidOf(error)}`)
  })
  // Parsed alone: as a part of another question it would be worked on, and what is constant in it carried out.
  const lines = await store.syntaxOf(text).catch((error: unknown) => {
    throw refused(`is not understood: ${saidOf(error)}`)
  })
  for (const line of lines) {
    const complaint = complaintOf(line)
    if (complaint !== undefined) throw refused(complaint)
  }
  return text
}
