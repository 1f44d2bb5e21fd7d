import type { Config } from '../../config.ts'
import { type Finding, good, warning, wrong } from './finding.ts'
import { within } from './limit.ts'
import { sentenceOf } from './machine.ts'

const sumOf = (metrics: string, name: string): number =>
  [...metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  )

/** More than the pipeline stores in some seconds. */
const mostLag = 50_000

/** What the ClickWatch that runs in this folder says of itself. */
export const lookAtRunning = async ({ port, apiKey }: Config): Promise<Finding[]> => {
  const ask = async (path: string): Promise<Response> => {
    const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
    return within(5000, fetch(`http://127.0.0.1:${port}${path}`, { headers }))
  }
  try {
    const ready = await ask('/readyz')
    const { engine } = (await ready.json()) as { engine?: string }
    const findings: Finding[] = []
    if (ready.ok && engine !== 'away') findings.push(good('collector', 'It takes events in, and the engine answers.'))
    else {
      const sentence = ready.ok ? 'Events are taken in, and the engine does not answer.' : 'Nothing is taken in.'
      findings.push(
        wrong('collector', sentence, 'Its log says why: the lines on standard error, or journalctl -u clickwatch.'),
      )
    }
    const metrics = await (await ask('/metrics')).text()
    const lag = sumOf(metrics, 'clickwatch_stream_lag_records')
    findings.push(
      lag > mostLag
        ? warning(
            'pipeline',
            `${lag} messages wait to be stored.`,
            'If they get no fewer, look at its log, and at docs/operate/sizing.md.',
          )
        : good('pipeline', `${lag} messages wait to be stored.`),
    )
    const letters = sumOf(metrics, 'clickwatch_dead_letters')
    if (letters > 0) {
      const mend = 'The screen "Refused" has each with its reason; after a fix: clickwatch replay dead-letters'
      findings.push(warning('pipeline', `${letters} deliveries could not be understood.`, mend))
    }
    return findings
  } catch (error) {
    const mend = `Start it with the port that is asked here (CLICKWATCH_PORT=${port}), or stop what keeps the folder.`
    return [wrong('collector', `The ClickWatch that runs does not answer on port ${port}: ${sentenceOf(error)}.`, mend)]
  }
}
