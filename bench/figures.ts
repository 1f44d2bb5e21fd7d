/** One measured number and what it should be. */
export type Figure = { name: string; value: number } & ({ atLeast: number } | { atMost: number })

const rounded = (value: number): string => String(value >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000)

/** Prints a line a figure, `name=value target=… ok|short`, and makes the process exit with 1 when one is short. */
export const report = (figures: readonly Figure[]): void => {
  for (const figure of figures) {
    const isMet = 'atLeast' in figure ? figure.value >= figure.atLeast : figure.value <= figure.atMost
    const target = 'atLeast' in figure ? `>=${figure.atLeast}` : `<=${figure.atMost}`
    process.stdout.write(`${figure.name}=${rounded(figure.value)} target=${target} ${isMet ? 'ok' : 'short'}\n`)
    if (!isMet) process.exitCode = 1
  }
}

/** A figure as `report` prints it. */
export type Reported = { name: string; value: number; target: string; is_met: boolean }

/** Reads a line of `report`; undefined of any other line. */
export const readFigure = (line: string): Reported | undefined => {
  const [, name = '', value, target = '', word] = /^(\w+)=(\S+) target=(\S+) (ok|short)$/.exec(line) ?? []
  return word === undefined ? undefined : { name, value: Number(value), target, is_met: word === 'ok' }
}

/** The value below which a share of the values lies, by the nearest rank; NaN of none. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((left, right) => left - right)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** The median of some rounds and how far they lie apart, for people. */
export const withSpread = (values: readonly number[]): string =>
  `${rounded(median(values))} (${rounded(Math.min(...values))} to ${rounded(Math.max(...values))}, ${values.length} rounds)`
