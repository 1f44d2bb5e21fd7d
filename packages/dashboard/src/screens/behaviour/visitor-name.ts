const adjectives = [
  'amber',
  'brave',
  'calm',
  'dusky',
  'eager',
  'fair',
  'gentle',
  'hasty',
  'ivory',
  'jolly',
  'keen',
  'lively',
  'merry',
  'noble',
  'olive',
  'proud',
  'quick',
  'rosy',
  'silent',
  'tidy',
  'umber',
  'vivid',
  'warm',
  'young',
]
const animals = [
  'badger',
  'crane',
  'dove',
  'eagle',
  'finch',
  'gecko',
  'heron',
  'ibex',
  'jackdaw',
  'kestrel',
  'lynx',
  'marten',
  'newt',
  'otter',
  'panda',
  'quail',
  'raven',
  'stork',
  'tern',
  'urchin',
  'viper',
  'wombat',
  'yak',
  'zebra',
]

/** A visitor by a name that is easy to tell from others; it says nothing of who they are, and the same id has it always. */
export const visitorName = (visitor: string): string => {
  let hash = 2166136261
  for (const character of visitor) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0
  const animal = animals[hash % animals.length]
  const adjective = adjectives[Math.floor(hash / animals.length) % adjectives.length]
  const number = Math.floor(hash / (animals.length * adjectives.length)) % 1000
  return `${adjective} ${animal} ${String(number).padStart(3, '0')}`
}
