/**
 * How far each visitor came through steps, and when. docs/behaviour.md says in words what counts.
 */
export type Sequence = {
  /** For each step the condition of an event that takes it. */
  steps: readonly string[]
  /** Which other events come between two steps where nothing may; undefined where anything may. */
  between: string | undefined
  /** SQL of the value of the first step's event by which attempts are told apart. */
  value: string
  /** Which rows of silver.events are read. */
  where: string
}

const none = "CAST([], 'Array(Int64)')"

/** The events of each visitor in their order: [time, steps that it takes as bits, its number], and a last one that takes none. */
const visitorsSql = ({ steps, between, value, where }: Sequence): string => {
  const mask = steps.map((condition, index) => `if(${condition}, ${2 ** index}, 0)`).join(' + ')
  return `
    SELECT visitor_id, arraySort(groupArray((at, seq, event_id, mask, value))) AS ordered,
      arrayMap((event, number) -> (event.1, event.4, number), ordered, arrayEnumerate(ordered)) AS numbered,
      arrayPushBack(numbered, (toInt64(0), toUInt16(0), toUInt32(0))) AS events
    FROM (
      SELECT visitor_id, toUnixTimestamp64Milli(time) AS at, seq, event_id, type, toUInt16(${mask}) AS mask, toString(${value}) AS value
      FROM silver.events FINAL
      WHERE ${where}
    )
    WHERE mask != 0${between === undefined ? '' : ` OR (${between})`}
    GROUP BY visitor_id
    HAVING max(bitAnd(mask, 1)) = 1`
}

/**
 * SQL of the attempt that stands at a step once an event was seen: [number of its first event, time of step 1, of step 2 …]. Where
 * anything may happen between two steps, the one that began latest stands for all, since it can still do what they can.
 */
const attemptAt = (level: number, isStrict: boolean): string => {
  const isTaken = `bitTest(event.2, ${level - 1})`
  const kept = isStrict ? none : `told.${level}`
  if (level === 1) return `if(${isTaken}, [toInt64(event.3), event.1], ${kept})`
  const before = `told.${level - 1}`
  const isInTime = `event.1 - ${before}[2] <= {window:Int64}`
  const isLater = isStrict ? '1' : `(empty(told.${level}) OR ${before}[1] > told.${level}[1])`
  return `if(${isTaken} AND notEmpty(${before}) AND ${isInTime} AND ${isLater}, arrayPushBack(${before}, event.1), ${kept})`
}

/**
 * A row for each visitor who took the first step: `times`, in milliseconds since 1970, of the steps of the attempt that came furthest,
 * of several the one that got there first, and `value`. Asks for the parameter `window`, in milliseconds.
 *
 * The events are gone through once. After each, `told` holds for every step the attempt that stands there, and, behind those, the
 * first one that ever did; the latter is taken over an event late, hence the last event that takes no step.
 */
export const sequencesSql = (sequence: Sequence): string => {
  const count = sequence.steps.length
  const levels = Array.from({ length: count }, (_, index) => index + 1)
  const isStrict = sequence.between !== undefined
  const standing = levels.map((level) => attemptAt(level, isStrict))
  const first = levels.map((level) => `if(empty(told.${count + level}), told.${level}, told.${count + level})`)
  const furthest = levels.map((level) => `folded.${count + level}`).reverse()
  const attempt = `arrayFirst(each -> notEmpty(each), [${furthest.join(', ')}])`
  return `
  SELECT visitor_id, arraySlice(attempt, 2) AS times, ordered[attempt[1]].5 AS value
  FROM (
    SELECT visitor_id, ordered,
      arrayFold((told, event) -> (${[...standing, ...first].join(', ')}), events, (${levels.map(() => `${none}, ${none}`).join(', ')})) AS folded,
      ${attempt} AS attempt
    FROM (${visitorsSql(sequence)})
  )`
}
