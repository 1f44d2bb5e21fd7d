#!/usr/bin/env node
// Writes a copy of the Power BI project whose tables are read by Direct Lake from a lakehouse in OneLake: nothing is imported, nothing has to be
// refreshed. The lake has to be in the lakehouse's Tables, its layers as schemas (docs/powerbi.md).
//
//   node direct-lake.mjs https://onelake.dfs.fabric.microsoft.com/WORKSPACE_ID/LAKEHOUSE_ID TARGET_FOLDER

import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const fail = (sentence) => {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

const [oneLake = '', target = ''] = process.argv.slice(2)
const id = '[0-9a-fA-F-]{36}'
// Names may be changed and hold spaces; a model is bound by ids.
if (!new RegExp(`^https://[\\w.-]+/${id}/${id}/?$`).test(oneLake) || target === '') {
  fail(
    'Usage: node direct-lake.mjs https://onelake.dfs.fabric.microsoft.com/WORKSPACE_ID/LAKEHOUSE_ID TARGET_FOLDER\nBoth ids are in the address of the opened lakehouse.',
  )
}
if (existsSync(target)) fail(`${target} is there already.`)

const source = import.meta.dirname
for (const part of ['ClickWatch.pbip', 'ClickWatch.Report', 'ClickWatch.SemanticModel']) {
  cpSync(join(source, part), join(target, part), { recursive: true })
}
const definition = join(target, 'ClickWatch.SemanticModel/definition')
const expression = 'OneLake'

const rewrite = (path, change) => writeFileSync(path, change(readFileSync(path, 'utf8')))

const imported =
  /^\tpartition (\w+) = m\n\t\tmode: import\n\t\tsource =\n\t+LakeTable\("(\w+)", "(\w+)", \{[^}]*\}\)\n/m
const calendar = /(?<=source = ).*CALENDAR\(.*/
for (const name of readdirSync(join(definition, 'tables'))) {
  rewrite(join(definition, 'tables', name), (text) =>
    text
      .replace(
        imported,
        (_, partition, layer, table) =>
          `\tpartition ${partition} = entity\n\t\tmode: directLake\n\t\tsource\n\t\t\tentityName: ${table}\n\t\t\tschemaName: ${layer}\n\t\t\texpressionSource: ${expression}\n`,
      )
      // A table that is computed cannot look into one that is read by Direct Lake.
      .replace(calendar, 'CALENDAR(DATE(2024, 1, 1), TODAY())'),
  )
}
const address = oneLake.replace(/\/$/, '')
writeFileSync(
  join(definition, 'expressions.tmdl'),
  `/// The lakehouse\nexpression ${expression} =\n\t\tlet\n\t\t\tSource = AzureStorage.DataLake("${address}", [HierarchicalNavigation = true])\n\t\tin\n\t\t\tSource\n`,
)
process.stdout.write(
  `Open ${join(target, 'ClickWatch.pbip')} in Power BI Desktop, or add it to a workspace by its Git integration.\n`,
)
