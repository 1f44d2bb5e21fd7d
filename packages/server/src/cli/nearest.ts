/** How many letters are to be put in, taken out or exchanged to make one word of another (Levenshtein). */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1]
    for (const [place, wanted] of [...other].entries()) {
      const exchanged = (row[place] ?? 0) + (letter === wanted ? 0 : 1)
      next.push(Math.min(exchanged, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** The known word that was probably meant; undefined where none is near. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const most = Math.max(2, Math.floor(word.length / 4))
  return known
    .map((name) => ({ name, away: distance(word, name) }))
    .filter(({ away }) => away <= most)
    .toSorted((one, other) => one.away - other.away)[0]?.name
}
