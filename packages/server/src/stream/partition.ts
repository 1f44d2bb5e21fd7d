/** FNV-1a over the UTF-16 units of `key` (http://www.isthe.com/chongo/tech/comp/fnv/), so that one visitor stays in one partition. */
export const partitionOf = (key: string, partitions: number): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) % partitions
}
