import { randomInt, timingSafeEqual } from 'node:crypto'
import type { Metadata } from '../metadata/database.ts'

/** What whoever makes the first account from elsewhere shows: that they see the terminal of the server. */
export type SetupCode = {
  /** The code, made when it is first asked for. */
  tell(): Promise<string>
  is(given: string): Promise<boolean>
  forget(): Promise<void>
}

const purpose = 'setup code'
// Without those that look like others.
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const groups = [4, 4, 4]

const newCode = (): string =>
  groups.map((length) => Array.from({ length }, () => letters[randomInt(letters.length)]).join('')).join('-')
const plain = (code: string): Buffer => Buffer.from(code.toUpperCase().replace(/[^A-Z0-9]/g, ''))

export const setupCodeOf = (database: Metadata): SetupCode => {
  const kept = async (): Promise<string | undefined> =>
    (await database.selectFrom('secrets').select('value').where('name', '=', purpose).executeTakeFirst())?.value
  return {
    async tell() {
      await database
        .insertInto('secrets')
        .values({ name: purpose, value: newCode() })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return (await kept()) ?? ''
    },
    async is(given) {
      const [expected, shown] = [plain((await kept()) ?? ''), plain(given)]
      return expected.length > 0 && expected.length === shown.length && timingSafeEqual(expected, shown)
    },
    async forget() {
      await database.deleteFrom('secrets').where('name', '=', purpose).execute()
    },
  }
}
