import type { Idea } from '@clickwatch/contract'

/** What to add to a page's address to see it as the visitors of a variant do; nobody is counted by it. */
export const previewLinks = (
  idea: Pick<Idea, 'key' | 'variants' | 'ladder'>,
): { key: string; name: string; text: string }[] => {
  const rule = idea.ladder[0]?.rule
  const path = rule && 'path' in rule && rule.path && !rule.path.includes('*') ? rule.path : '/'
  return (idea.variants ?? []).map(({ key, name, url }) => ({
    key,
    name,
    text: `${url ?? path}?clickwatch_variant=${idea.key}:${key}`,
  }))
}
