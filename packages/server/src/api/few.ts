/** What comes of each, in their order; `most` of them are worked on at once, so that one question does not take all that answers others. */
export const mapFewAtOnce = async <Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = []
  // Shared, so that each is taken once; a generator, which ends for all of them where one fails.
  const left = (function* () {
    yield* items.entries()
  })()
  const takeOneAfterAnother = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, takeOneAfterAnother))
  return results
}
