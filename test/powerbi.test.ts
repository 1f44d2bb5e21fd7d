import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './fixtures/clickwatch.ts'
import { daxReferences } from './fixtures/powerbi/dax.ts'
import { lakeSchemas } from './fixtures/powerbi/lake.ts'
import {
  layoutProblems,
  listProblems,
  measureProblems,
  referenceProblems,
  relationshipProblems,
  shapeProblems,
  sourceProblems,
} from './fixtures/powerbi/problems.ts'
import { childrenOf, modelOf, type ProjectFiles, pagesOf, readProject } from './fixtures/powerbi/project.ts'
import { readTmdl } from './fixtures/powerbi/tmdl.ts'

// The Power BI project is opened by programs that are not here, so it is read here as strictly as they do.

const folder = join(import.meta.dirname, '../integrations/powerbi')
const files = readProject(folder)

/** The project with one file changed. */
const changed = (path: string, from: string, to: string): ProjectFiles => {
  const text = files[path]
  if (!text?.includes(from)) throw new Error(`${path} has no ${from}`)
  return { ...files, [path]: text.replace(from, to) }
}
const model = 'ClickWatch.SemanticModel/definition'
const pages = 'ClickWatch.Report/definition/pages'
const visual = (page: string, name: string): string => `${pages}/${page}/visuals/${name}/visual.json`

describe('the report', () => {
  it('has files of known shapes alone', () => {
    expect(shapeProblems(files)).toEqual([])
  })

  it('has the page of the reference: four slicers, a table, a card, a pie and an area', () => {
    const page = pagesOf(files).find(({ folder }) => folder === 'report')
    const types = page?.visuals.map((each) => each.visual.visual.visualType).sort()
    expect(types).toEqual(['areaChart', 'card', 'pieChart', 'slicer', 'slicer', 'slicer', 'slicer', 'tableEx'])
    const slicers = page?.visuals.filter((each) => each.visual.visual.visualType === 'slicer')
    const fields = slicers?.map((each) => each.visual.visual.query.queryState.Values?.projections[0]?.queryRef).sort()
    expect(fields).toEqual(['Platform', 'event_type', 'os', 'page_url'].map((name) => `final_cookies.${name}`))
  })

  it('shows fields that the model has', () => {
    expect(referenceProblems(files)).toEqual([])
  })

  it('has every visual within its page and none over another', () => {
    expect(layoutProblems(files)).toEqual([])
  })
})

describe('the semantic model', () => {
  it('lists its tables', () => {
    expect(listProblems(files)).toEqual([])
  })

  it('has tables and columns that the lake writes, of the types it writes', () => {
    expect(sourceProblems(files, lakeSchemas)).toEqual([])
  })

  it('has measures of what is there', () => {
    expect(measureProblems(files)).toEqual([])
    const names = modelOf(files).tables.flatMap((table) => childrenOf(table, 'measure').map(({ name }) => name))
    expect(names).toEqual(
      expect.arrayContaining(['Visitors', 'Visits', 'Bounce rate', 'Conversion rate', 'Visitor count']),
    )
  })

  it('gives a filter one way from table to table', () => {
    expect(relationshipProblems(files)).toEqual([])
  })

  it('reads the lake from where its parameters say', () => {
    const parameters = modelOf(files).expressions.filter(({ expression }) =>
      expression?.includes('IsParameterQuery=true'),
    )
    expect(parameters.map(({ name }) => name)).toEqual(['Root', 'Site', 'Days'])
  })
})

it('has a form for Direct Lake, whose tables are read from the lakehouse alone', () => {
  const parent = temporaryFolder()
  try {
    const ids = '0f0e0d0c-0000-4000-8000-000000000001/0f0e0d0c-0000-4000-8000-000000000002'
    const oneLake = `https://onelake.dfs.fabric.microsoft.com/${ids}`
    execFileSync(process.execPath, [join(folder, 'direct-lake.mjs'), oneLake, join(parent, 'copy')])
    const copy = readProject(join(parent, 'copy'))
    const everything = [shapeProblems, listProblems, measureProblems, relationshipProblems, referenceProblems]
    expect(everything.flatMap((problems) => problems(copy))).toEqual([])
    expect(sourceProblems(copy, lakeSchemas)).toEqual([])
    const { tables, expressions } = modelOf(copy)
    const sources = tables.flatMap((table) => childrenOf(childrenOf(table, 'partition')[0], 'source'))
    expect(sources.map(({ properties }) => properties.expressionSource)).toEqual(Array(4).fill('OneLake'))
    expect(expressions.map(({ name, expression }) => [name, expression?.includes(oneLake)])).toEqual([
      ['OneLake', true],
    ])
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
})

describe('a mistake is found:', () => {
  it.each([
    ['an unknown property', shapeProblems, visual('report', 'total'), '"drillFilterOtherVisuals"', '"drillFilters"'],
    ['an unknown visual', shapeProblems, visual('report', 'by-platform'), '"pieChart"', '"cakeChart"'],
    ['a field that is gone', referenceProblems, visual('report', 'by-os'), '"Property": "os"', '"Property": "system"'],
    ['a column shown as a measure', referenceProblems, visual('report', 'total'), '"Measure"', '"Column"'],
    ['a visual over another', layoutProblems, visual('report', 'total'), '"x": 16', '"x": 60'],
    ['a visual out of the page', layoutProblems, visual('report', 'table'), '"width": 932', '"width": 952'],
    ['a table that is not listed', listProblems, `${model}/model.tmdl`, 'ref table events\n', ''],
    [
      'a measure of a column that is gone',
      measureProblems,
      `${model}/tables/sessions.tmdl`,
      '[duration_s])',
      '[seconds])',
    ],
    ['a measure of itself', measureProblems, `${model}/tables/sessions.tmdl`, '= COUNTROWS(sessions)', '= [Bounces]'],
    [
      'columns of two types',
      relationshipProblems,
      `${model}/relationships.tmdl`,
      'sessions.date',
      'sessions.entry_page',
    ],
    [
      'two ways',
      relationshipProblems,
      `${model}/relationships.tmdl`,
      'toColumn: visit_count.user_id',
      'toColumn: sessions.visitor_id',
    ],
  ])('%s', (_, problems, path, from, to) => {
    expect(problems(changed(path, from, to))).not.toEqual([])
  })

  it.each([
    ['a column that the lake does not have', 'sourceColumn: entry_page', 'sourceColumn: landing_page'],
    ['a column of another type', 'column duration_s\n\t\tdataType: int64', 'column duration_s\n\t\tdataType: string'],
    ['a column that is not loaded', '"entry_page", ', ''],
  ])('%s', (_, from, to) => {
    expect(sourceProblems(changed(`${model}/tables/sessions.tmdl`, from, to), lakeSchemas)).not.toEqual([])
  })

  it.each([
    ['table a\n  column b', 'spaces'],
    ['table a\n\t\tcolumn b', 'too far in'],
    ['table a\n\tcolour: red', 'property'],
    ['table a\n\trow b', 'object'],
    ['table a\n\tmeasure b =\n\t\tformatString: 0', 'expression'],
    ['table a\n\tcolumn b\n\tcolumn b', 'twice'],
    ['/// why\nrelationship a\n\tfromColumn: b.c', 'description'],
  ])('TMDL that is none: %j', (text, reason) => {
    expect(() => readTmdl(text)).toThrow(reason)
  })

  it.each(['SUM(a[b]', 'SUM(a[b]))', 'a ; b', '"open'])('DAX that is none: %s', (text) => {
    expect(() => daxReferences(text)).toThrow()
  })
})
