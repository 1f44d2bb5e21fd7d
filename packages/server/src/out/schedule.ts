import type { NewAlert, NewReport, SiteViewAnswer } from '@clickwatch/contract'
import { Cron } from 'croner'
import type { Logger } from 'pino'
import { messageOf } from '../errors.ts'
import type { Metadata } from '../metadata/database.ts'
import { goalsOf } from '../metadata/kept.ts'
import type { AlertState, Alerts, ReportState, Reports } from '../metadata/noted.ts'
import type { SiteViews } from '../metadata/site-views.ts'
import type { Ask } from './ask.ts'
import type { Deliver } from './deliver.ts'
import { composeReport } from './report.ts'
import { alertMessage, watch } from './watch.ts'

const usualHour = 8
const retryEveryMs = 10 * 60_000

/** When a report goes out, as cron has it, in the site's time zone: when the period it tells of is over. */
export const cronOf = ({ every, hour = usualHour }: Pick<NewReport, 'every' | 'hour'>, weekStart: number): string => {
  const days = { day: '* * *', week: `* * ${weekStart % 7}`, month: '1 * *' }
  return `0 ${hour} ${days[every]}`
}

/** The moment a report should last have gone out; undefined where it never should have. */
export const lastDue = (
  report: Pick<NewReport, 'every' | 'hour'>,
  { timezone, week_start }: SiteViewAnswer,
  nowMs: number,
): number | undefined =>
  new Cron(cronOf(report, week_start), { timezone, paused: true }).previousRuns(1, new Date(nowMs + 1))[0]?.getTime()

/** Whether a report is due and has not gone out: also after the server stood still. What was due before it was made is not. */
export const isReportDue = (
  report: Pick<NewReport, 'every' | 'hour'> & { created_at: string } & ReportState,
  view: SiteViewAnswer,
  nowMs: number,
): boolean => {
  const due = lastDue(report, view, nowMs)
  return due !== undefined && due > Date.parse(report.last_sent_at ?? report.created_at)
}

export type Outbox = {
  sendReport(report: NewReport, site: string, nowMs: number): Promise<void>
  /** Tells an alert as if it had gone off. */
  testAlert(alert: NewAlert, site: string, nowMs: number): Promise<void>
  /** Sends what is due at `nowMs` and has not been sent. */
  tick(nowMs: number): Promise<void>
}

/** What goes out by itself, and when. What was sent is noted in the metadata, so a restart neither sends again nor forgets. */
export const openOutbox = (options: {
  metadata: Metadata
  reports: Reports
  alerts: Alerts
  siteViews: SiteViews
  ask: Ask
  deliver: Deliver
  logger: Logger
}): Outbox => {
  const { metadata, reports, alerts, siteViews, ask, deliver, logger } = options
  const goals = goalsOf(metadata)
  const goalOf = (site: string) => async (id: string) => (await goals.list(site)).find((goal) => goal.id === id)
  /** When something that could not be sent was last tried, by id. */
  const triedAt = new Map<string, number>()
  const mayTry = (id: string, nowMs: number): boolean => nowMs - (triedAt.get(id) ?? 0) >= retryEveryMs

  const failed = (id: string, error: unknown, nowMs: number): { last_error: string } => {
    triedAt.set(id, nowMs)
    logger.warn({ err: error, id }, 'what was due could not be sent; it is tried again in ten minutes')
    return { last_error: messageOf(error) }
  }
  const iso = (nowMs: number): string => new Date(nowMs).toISOString()

  const sendReport = async (report: NewReport, site: string, nowMs: number): Promise<void> => {
    const view = await siteViews.viewOf(site)
    await deliver(report.target, await composeReport(report, view, { ask, nowMs }))
  }

  const tickReports = async (nowMs: number): Promise<void> => {
    for (const report of await reports.all()) {
      const view = await siteViews.viewOf(report.site)
      if (!isReportDue(report, view, nowMs) || !mayTry(report.id, nowMs)) continue
      try {
        await sendReport(report, report.site, nowMs)
        triedAt.delete(report.id)
        await reports.note(report.id, { last_sent_at: iso(nowMs), last_error: null })
      } catch (error) {
        await reports.note(report.id, failed(report.id, error, nowMs))
      }
    }
  }

  const tickAlerts = async (nowMs: number): Promise<void> => {
    for (const alert of await alerts.all()) {
      if (!mayTry(alert.id, nowMs)) continue
      try {
        const { isOn, sentence } = await watch(alert, alert.site, { ask, nowMs, goalOf: goalOf(alert.site) })
        // It tells once when it goes off, and again only after it was over.
        if (isOn && !alert.is_on) {
          const view = await siteViews.viewOf(alert.site)
          await deliver(alert.target, alertMessage(alert, view, sentence, { isTest: false, nowMs }))
        }
        const change: Partial<AlertState> = { is_on: isOn, last_error: null }
        if (isOn && !alert.is_on) change.last_fired_at = iso(nowMs)
        triedAt.delete(alert.id)
        if (isOn !== alert.is_on || alert.last_error !== null) await alerts.note(alert.id, change)
      } catch (error) {
        await alerts.note(alert.id, failed(alert.id, error, nowMs))
      }
    }
  }

  return {
    sendReport,
    async testAlert(alert, site, nowMs) {
      const { sentence } = await watch(alert, site, { ask, nowMs, goalOf: goalOf(site) })
      await deliver(alert.target, alertMessage(alert, await siteViews.viewOf(site), sentence, { isTest: true, nowMs }))
    },
    async tick(nowMs) {
      await tickReports(nowMs)
      await tickAlerts(nowMs)
    },
  }
}

/**
 * Ticks every minute until it is stopped; a tick that takes longer is waited for.
 * @param isOurs whether it is for this process to send, where several could
 */
export const runOutbox = (
  outbox: Outbox,
  logger: Logger,
  isOurs: () => Promise<boolean> = async () => true,
): { stop(): Promise<void> } => {
  let underWay = Promise.resolve()
  const cron = new Cron('* * * * *', { protect: true }, () => {
    const tick = async (): Promise<void> => {
      if (await isOurs()) await outbox.tick(Date.now())
    }
    underWay = tick().catch((error: unknown) => logger.error({ err: error }, 'a round of reports and alerts failed'))
    return underWay
  })
  return {
    async stop() {
      cron.stop()
      await underWay
    },
  }
}
