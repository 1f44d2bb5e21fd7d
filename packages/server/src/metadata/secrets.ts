import { randomBytes } from 'node:crypto'
import type { Metadata } from './database.ts'

const secretBytes = 32

/**
 * The installation's own key for a purpose, made when it is first asked for and the same ever after.
 * @param made what it is the first time, in hexadecimal: 32 random bytes where nothing else is said
 */
export const secretOf = async (
  database: Metadata,
  purpose: string,
  made: string = randomBytes(secretBytes).toString('hex'),
): Promise<Buffer> => {
  await database
    .insertInto('secrets')
    .values({ name: purpose, value: made })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const { value } = await database
    .selectFrom('secrets')
    .select('value')
    .where('name', '=', purpose)
    .executeTakeFirstOrThrow()
  return Buffer.from(value, 'hex')
}
