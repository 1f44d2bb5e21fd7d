/** What a spreadsheet takes for a formula when a cell begins with it: names and addresses come from strangers. */
export const formulaStart = '^[=+\\-@\\t\\r]'
const startsFormula = new RegExp(formulaStart)

const cellOf = (value: string | number | null): string => {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const harmless = startsFormula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** A line of CSV as RFC 4180 has it, its text made harmless for spreadsheets. */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(cellOf).join(',')}\r\n`
