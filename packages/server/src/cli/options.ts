import { UsageError } from './command.ts'

/**
 * An option of the command line as a whole number.
 * @throws {UsageError} naming the option and what was expected
 */
export const wholeNumber = (name: string, text: string, most: number): number => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new UsageError(`--${name} is '${text}'; a whole number from 0 to ${most} is expected.`)
}

/** `--port`, where it is given. */
export const portOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : wholeNumber('port', text, 65_535)
