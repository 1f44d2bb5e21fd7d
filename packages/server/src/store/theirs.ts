/** How ids begin that an import brings; no browser's do. */
export const importedPrefix = 'import:'
/** How they begin where it brought sums, of which visits were made. */
export const sumsPrefix = `${importedPrefix}sums-`
/** What ends an id that means all ids that begin so; of an import alone. */
export const everyoneOf = '*'

/** SQL: whether a text has the id in it, or the beginning of those of an import. */
export const namesTheirs = (column: string): string =>
  `position(${column}, if(startsWith({visitor:String}, '${importedPrefix}'), trimRight({visitor:String}, '${everyoneOf}'), {visitor:String})) > 0`

/** SQL: whether a column holds the id that {visitor:String} is, or one of those of an import that it is the beginning of. */
export const isTheirs = (column: string): string =>
  `if(startsWith({visitor:String}, '${importedPrefix}') AND endsWith({visitor:String}, '${everyoneOf}'), startsWith(${column}, substring({visitor:String}, 1, length({visitor:String}) - 1)), ${column} = {visitor:String})`
