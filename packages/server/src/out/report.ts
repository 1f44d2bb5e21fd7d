import type { Metric, NewReport, Query, QueryAnswer, SiteViewAnswer } from '@clickwatch/contract'
import { localText } from '../query/calendar.ts'
import type { Ask } from './ask.ts'
import { escapeHtml, type Message } from './message.ts'

type Days = [from: string, until: string]

const dayMs = 86_400_000
const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
const firstOfMonth = (date: string, months: number): string => {
  const [year = 0, month = 0] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

/** The last whole day, week or month before `today`, and the one before that. */
export const periodsBefore = (
  every: NewReport['every'],
  today: string,
  weekStart: number,
): { of: Days; before: Days } => {
  switch (every) {
    case 'day': {
      const [day, before] = [addDays(today, -1), addDays(today, -2)]
      return { of: [day, day], before: [before, before] }
    }
    case 'week': {
      const weekday = new Date(`${today}T00:00:00Z`).getUTCDay() || 7
      const begun = addDays(today, -((weekday - weekStart + 7) % 7))
      return { of: [addDays(begun, -7), addDays(begun, -1)], before: [addDays(begun, -14), addDays(begun, -8)] }
    }
    case 'month': {
      const [month, last, before] = [0, -1, -2].map((months) => firstOfMonth(today, months)) as [string, string, string]
      return { of: [last, addDays(month, -1)], before: [before, addDays(last, -1)] }
    }
  }
}

const figures: { metric: Metric; name: string; unit: '' | '%' | 's' }[] = [
  { metric: 'visitors', name: 'Visitors', unit: '' },
  { metric: 'visits', name: 'Visits', unit: '' },
  { metric: 'pageviews', name: 'Page views', unit: '' },
  { metric: 'bounce_rate', name: 'Bounce rate', unit: '%' },
  { metric: 'visit_duration', name: 'Visit duration', unit: 's' },
]
const listed = 10
const tops = [
  { dimension: 'visit:source', title: 'Top sources' },
  { dimension: 'event:page', title: 'Top pages' },
] as const

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const shown = (value: number | null, unit: string): string =>
  value === null
    ? '–'
    : unit === 's'
      ? `${Math.floor(value / 60)}m ${Math.round(value % 60)}s`
      : `${number.format(value)}${unit}`

/** '+12.5%', in points where it is a rate: '+2 points'. '' where there is nothing to compare with. */
export const changeText = (now: number | null, before: number | null, unit: string): string => {
  if (now === null || before === null) return ''
  const sign = now > before ? '+' : ''
  if (unit === '%') return `${sign}${number.format(now - before)} points`
  return before === 0 ? '' : `${sign}${number.format((100 * (now - before)) / before)}%`
}

const named = (value: string | undefined): string => value || '(none)'
const spanOf = ([from, until]: Days): string => (from === until ? from : `${from} to ${until}`)
const periodNames = { day: 'Yesterday', week: 'Last week', month: 'Last month' }

/** A report of the last whole period before `nowMs`: its numbers beside the period before, where people came from and what they read. */
export const composeReport = async (
  report: NewReport,
  view: SiteViewAnswer,
  { ask, nowMs }: { ask: Ask; nowMs: number },
): Promise<Message> => {
  const { of, before } = periodsBefore(report.every, localText(nowMs, view.timezone).slice(0, 10), view.week_start)
  const about = (days: Days, more: Partial<Query>): Promise<QueryAnswer> =>
    ask(
      {
        site_id: view.site,
        metrics: figures.map(({ metric }) => metric),
        date_range: days,
        ...(report.filters ? { filters: report.filters } : {}),
        ...more,
      },
      nowMs,
    )
  const [now, then, ...lists] = await Promise.all([
    about(of, {}),
    about(before, {}),
    ...tops.map(({ dimension }) =>
      about(of, { metrics: ['visitors'], dimensions: [dimension], pagination: { limit: listed } }),
    ),
  ])
  const rows = figures.map(({ metric, name, unit }, index) => {
    const [value, earlier] = [now, then].map((answer) => answer.results[0]?.metrics[index] ?? null)
    return {
      metric,
      name,
      value: value ?? null,
      before: earlier ?? null,
      text: shown(value ?? null, unit),
      change: changeText(value ?? null, earlier ?? null, unit),
    }
  })
  const sections = tops.map(({ dimension, title }, index) => ({
    dimension,
    title,
    rows: (lists[index]?.results ?? []).map(({ dimensions: [value], metrics: [visitors] }) => ({
      value: named(value),
      visitors: visitors ?? 0,
    })),
  }))
  const subject = `${view.name}: ${number.format(rows[0]?.value ?? 0)} visitors ${periodNames[report.every].toLowerCase()}`
  const lines = [
    `${report.name}: ${spanOf(of)}, compared with ${spanOf(before)} (${view.timezone})`,
    '',
    ...rows.map(({ name, text, change }) => `${name}: ${text}${change && ` (${change})`}`),
    ...sections.flatMap(({ title, rows: list }) => [
      '',
      title,
      ...(list.length === 0 ? ['nothing'] : list.map(({ value, visitors }) => `${number.format(visitors)}  ${value}`)),
    ]),
  ]
  const facts = {
    type: 'report',
    site: view.site,
    name: report.name,
    timezone: view.timezone,
    period: { from: of[0], to: of[1] },
    compared_with: { from: before[0], to: before[1] },
    metrics: Object.fromEntries(rows.map(({ metric, value, before: earlier }) => [metric, { value, before: earlier }])),
    top: Object.fromEntries(sections.map(({ dimension, rows: list }) => [dimension, list])),
  }
  return { subject, lines, html: reportHtml(subject, lines[0] ?? '', rows, sections), facts }
}

const cell = 'style="padding:6px 12px;border-bottom:1px solid #ddd;text-align:left"'
const table = (rows: readonly (readonly string[])[]): string =>
  `<table style="border-collapse:collapse">${rows
    .map((row) => `<tr>${row.map((text) => `<td ${cell}>${escapeHtml(text)}</td>`).join('')}</tr>`)
    .join('')}</table>`

const reportHtml = (
  subject: string,
  period: string,
  rows: readonly { name: string; text: string; change: string }[],
  sections: readonly { title: string; rows: readonly { value: string; visitors: number }[] }[],
): string =>
  `<div style="font-family:system-ui,sans-serif;color:#222"><h1 style="font-size:20px">${escapeHtml(subject)}</h1>
<p>${escapeHtml(period)}</p>
${table(rows.map(({ name, text, change }) => [name, text, change]))}
${sections
  .map(
    ({ title, rows: list }) => `<h2 style="font-size:16px">${escapeHtml(title)}</h2>
${list.length === 0 ? '<p>nothing</p>' : table(list.map(({ value, visitors }) => [value, number.format(visitors)]))}`,
  )
  .join('\n')}</div>`
