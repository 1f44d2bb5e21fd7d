import { promisify } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { sql } from 'kysely'
import type { Shared } from '../metadata/shared.ts'
import { nowhere, type Place, type Plan, type Positions, type Reached } from './positions.ts'
import { PartitionLost } from './share.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)
const quickly = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

const pack = (plan: Plan): Promise<Buffer> => compress(serialize(plan), quickly)
const unpack = async (packed: Buffer): Promise<Plan> => deserialize(await decompress(packed)) as Plan

type Known = {
  epoch: number
  next: number
  place: Place
  begun: Plan | undefined
  begunStream: string
  isNoted: boolean
}

/** Whether changes of stored batches are noted for the lake: whoever may only look at positions, or stores without a lake, notes none. */
export type Noting = {
  /** Notes that anything may have changed: some batches of before were not noted. */
  everything(): Promise<void>
}

/**
 * How far the pipelines of a cluster are, in PostgreSQL. What this process has taken it knows by heart; each write says under which
 * epoch it is made, and one of an epoch that is over changes nothing.
 * @param noting where what these positions are written for notes its changes
 */
export const openSharedPositions = async (shared: Shared, stream: string, noting?: Noting): Promise<Positions> => {
  const mine = new Map<number, Known>()
  const known = (partition: number): Known => {
    const found = mine.get(partition)
    if (!found) throw new PartitionLost(partition)
    return found
  }
  const [row] = await shared.selectFrom('streams').select('partitions').where('name', '=', stream).execute()
  let partitions = row?.partitions ?? 0

  const placeOf = async (of: string, partition: number): Promise<Place> => {
    const found = await shared
      .selectFrom('places')
      .select('body')
      .where('stream', '=', of)
      .where('partition', '=', partition)
      .executeTakeFirst()
    return found ? (JSON.parse(found.body) as Place) : nowhere
  }

  /** What a pipeline that knew of no lake has stored, the lake finds when everything is written anew: nothing says what it was. */
  const catchUpNotes = async (partition: number, at: Known): Promise<void> => {
    if (!noting || at.isNoted) return
    await noting.everything()
    await shared
      .updateTable('positions')
      .set({ is_noted: true })
      .where('partition', '=', partition)
      .where('epoch', '=', String(at.epoch))
      .execute()
    at.isNoted = true
  }

  return {
    next: (partition) => known(partition).next,
    place: (partition) => known(partition).place,
    begun: (partition) => known(partition).begun,
    async take(partition, epoch) {
      mine.delete(partition)
      // No two have the same epoch: one that is there already is this process's, whose taking has failed half-way.
      const { rows } = await sql<{
        next_offset: string
        plan: Buffer | null
        plan_stream: string | null
        is_noted: boolean
      }>`
        INSERT INTO positions (partition, epoch, next_offset, is_noted) VALUES (${partition}, ${epoch}, 0, ${noting !== undefined})
        ON CONFLICT (partition) DO UPDATE SET epoch = excluded.epoch WHERE positions.epoch <= excluded.epoch
        RETURNING next_offset, plan, plan_stream, is_noted`.execute(shared)
      const [taken] = rows
      if (!taken) throw new PartitionLost(partition)
      const at: Known = {
        epoch,
        next: Number(taken.next_offset),
        place: await placeOf(stream, partition),
        begun: taken.plan ? await unpack(taken.plan) : undefined,
        begunStream: taken.plan_stream ?? stream,
        isNoted: taken.is_noted,
      }
      if (at.begun === undefined) await catchUpNotes(partition, at)
      mine.set(partition, at)
    },
    async begin(partition, plan) {
      const at = known(partition)
      const written = await shared
        .updateTable('positions')
        .set({
          plan: await pack(plan),
          plan_stream: stream,
          plan_next: String(plan.nextOffset),
          ...(!noting && { is_noted: false }),
        })
        .where('partition', '=', partition)
        .where('epoch', '=', String(at.epoch))
        .executeTakeFirst()
      if (written.numUpdatedRows === 0n) throw new PartitionLost(partition)
      Object.assign(at, { begun: plan, begunStream: stream })
    },
    async finish(partition, { nextOffset, place }) {
      const at = known(partition)
      const of = at.begun ? at.begunStream : stream
      await shared.transaction().execute(async (together) => {
        const written = await together
          .updateTable('positions')
          .set({ next_offset: String(nextOffset), plan: null, plan_stream: null, plan_next: null })
          .where('partition', '=', partition)
          .where('epoch', '=', String(at.epoch))
          .executeTakeFirst()
        if (written.numUpdatedRows === 0n) throw new PartitionLost(partition)
        const body = JSON.stringify(place)
        await together
          .insertInto('places')
          .values({ stream: of, partition, body })
          .onConflict((conflict) => conflict.columns(['stream', 'partition']).doUpdateSet({ body }))
          .execute()
      })
      // Not before all of it is there to be seen; and before this is done with, so that it is done again where it fails.
      await catchUpNotes(partition, at)
      Object.assign(at, { next: nextOffset, begun: undefined }, of === stream ? { place } : {})
    },
    async reached(count) {
      const { rows } = await sql<{
        partition: number
        next_offset: string
        plan_next: string | null
        body: string | null
      }>`
        SELECT positions.partition, next_offset, plan_next, body
        FROM positions LEFT JOIN places ON places.partition = positions.partition AND places.stream = ${stream}`.execute(
        shared,
      )
      const byPartition = new Map(rows.map((each) => [each.partition, each]))
      return Array.from({ length: count }, (_, partition): Reached => {
        const found = byPartition.get(partition)
        const place = found?.body ? (JSON.parse(found.body) as Place) : nowhere
        const next = Number(found?.next_offset ?? 0)
        return { next, place, nextBegun: Number(found?.plan_next ?? next) }
      })
    },
    get partitions() {
      return partitions
    },
    async keepPartitions(count) {
      await shared
        .insertInto('streams')
        .values({ name: stream, partitions: count })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ partitions: count }))
        .execute()
      partitions = count
    },
    close: async () => undefined,
  }
}

/** Whether any pipeline notes its changes for a lake. */
export const areNoted = async (shared: Shared): Promise<boolean> => {
  const row = await shared.selectFrom('positions').select('partition').where('is_noted', '=', true).executeTakeFirst()
  return row !== undefined
}
