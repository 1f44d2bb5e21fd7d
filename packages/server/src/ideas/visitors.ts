import type { Bound } from '../query/bound.ts'
import type { Counting } from './counting.ts'
import { exposuresSql, momentOf, paidSql, reachedSql, type Shown } from './moments.ts'

/** Whether money may come of it. */
export const isEarning = ({ ladder }: Shown): boolean =>
  ladder.some(({ grade, rule }) => grade === 'payment' || rule.type === 'revenue')

/** The rungs above the first, in which a visitor may stand once the idea was shown. */
export const rungsAbove = ({ ladder }: Shown) => ladder.slice(1)

const variantOf = (code: string): string => `toUInt8(bitAnd(bitShiftRight(${code}, 2), 255))`

/** A SELECT of every exposure, and of `code`, which says in one number whom it was to, and what they were shown. */
const codedSql = (idea: Shown, bound: Bound): string =>
  `SELECT visitor, place, stratum * 1024 + number * 4 + toUInt8(is_returning) * 2 + toUInt8(is_meant) AS code
    FROM (${exposuresSql(idea, bound)})`

/** The least of these says when a visitor was first shown the idea, and as whom: one number is found in less time than one and what goes with it. */
const placeAndCode = 'bitOr(bitShiftLeft(toUInt128(place), 64), toUInt128(code))'

/** What is known of a visitor by their exposures, which have rung 0; and who is counted: a visitor without any has a code of 0. */
const firstOf = ({ variants }: Shown) => {
  const isSeveral = `minIf(${variantOf('code')}, rung = 0) != maxIf(${variantOf('code')}, rung = 0)`
  return {
    columns: `minIf(${placeAndCode}, rung = 0) AS first, ${momentOf('toInt64(bitShiftRight(first, 64))')} AS first_ms,
      toUInt64(bitAnd(first, toUInt128(18446744073709551615))) AS first_code,
      ${variants === undefined ? 'false' : isSeveral} AS is_several`,
    isMeant: 'bitTest(first_code, 0)',
  }
}

/**
 * A SELECT of how many visitors there are by variant and `day`, and by variant, `stratum` and `is_returning`, as each was at first exposure:
 * `exposed`, and as `reached1` … who stood on a rung above the first from then on; those who saw several variants apart.
 *
 * One pass over all that may have put a visitor on a rung, into a few numbers of each visitor: there may be millions of them, and what is
 * kept of each is what time and memory go into.
 */
export const visitorsSql = (idea: Shown, bound: Bound): string => {
  const rungs = rungsAbove(idea).map(({ rule }, index) => ({ rule, number: index + 1 }))
  const first = firstOf(idea)
  const all = [
    `SELECT visitor, toUInt8(0) AS rung, place, code FROM (${codedSql(idea, bound)})`,
    ...rungs.map(
      ({ rule, number }) =>
        `SELECT visitor, toUInt8(${number}) AS rung, at AS place, toUInt64(0) AS code FROM (${reachedSql(rule, bound)})`,
    ),
  ]
  const each = (column: (number: number) => string): string => rungs.map(({ number }) => `, ${column(number)}`).join('')
  const ofVisitors = `
    SELECT visitor, ${first.columns}${each((number) => `maxIf(place, rung = ${number}) AS last${number}`)}
    FROM (${all.join('\nUNION ALL\n')})
    GROUP BY visitor HAVING ${first.isMeant}`
  return `
    SELECT grouping(date) = 0 AS is_day, variant, toString(date) AS day, stratum, is_returning,
      countIf(NOT is_several) AS exposed${each((number) => `countIf(NOT is_several AND last${number} >= first_ms) AS reached${number}`)},
      countIf(is_several) AS several, countIf(NOT is_several AND first_ms >= {recent_ms:Int64}) AS recent,
      min(first_ms) AS earliest_ms
    FROM (
      SELECT *, ${variantOf('first_code')} AS variant, bitShiftRight(first_code, 10) AS stratum, bitTest(first_code, 1) AS is_returning,
        toDate(fromUnixTimestamp64Milli(first_ms, {tz:String})) AS date
      FROM (${ofVisitors}))
    GROUP BY GROUPING SETS ((variant, date), (variant, stratum, is_returning))
    ORDER BY variant, date, exposed DESC, stratum, is_returning`
}

/** What visitors paid by variant, and in how many currencies. Few pay, so that their exposures alone are looked at. */
export const takingsSql = (idea: Shown, { currency }: Counting, bound: Bound): string => {
  const first = firstOf(idea)
  const paid = paidSql(idea, currency, bound)
  return `
    SELECT variant, countIf(payments > 0) AS payers, sumIf(amount, payments > 0) AS paid, sumIf(amount * amount, payments > 0) AS paid_squares,
      arrayMap(each -> toString(each), groupUniqArrayArray(paid_in)) AS currencies
    FROM (
      SELECT ${variantOf('first_code')} AS variant, arrayFilter(each -> each.1 >= first_ms, transfers) AS after,
        arraySum(each -> each.2, after) AS amount, arraySum(each -> each.3, after) AS payments, arrayMap(each -> each.4, after) AS paid_in
      FROM (
        SELECT visitor, ${first.columns}, groupArrayIf((place, amount, times, code), rung = 1) AS transfers
        FROM (
          SELECT visitor, toUInt8(0) AS rung, place, code, 0. AS amount, toInt8(0) AS times FROM (${codedSql(idea, bound)})
          WHERE visitor IN (SELECT visitor FROM (${paid}))
          UNION ALL
          SELECT visitor, toUInt8(1) AS rung, at AS place, paid_in AS code, amount, times FROM (${paid}))
        GROUP BY visitor HAVING ${first.isMeant} AND NOT is_several))
    GROUP BY variant`
}
