import { randomBytes } from 'node:crypto'
import type { Metadata } from './database.ts'

const secretBytes = 32

/** The installation's own key for a purpose, 32 random bytes, made when it is first asked for and the same ever after. */
export const secretOf = async (database: Metadata, purpose: string): Promise<Buffer> => {
  const made = randomBytes(secretBytes).toString('hex')
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
