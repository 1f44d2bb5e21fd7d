import { readConfig } from '../../config.ts'
import { checkConfig } from '../config-check.ts'
import { type Finding, good, wrong } from './finding.ts'
import { lookAtDisk, lookAtFolder, lookAtKey, lookAtPort } from './machine.ts'
import { lookAtDatabase, lookAtLake, lookAtMail, lookAtPlaces, lookAtStream } from './parts.ts'
import { lookAtRunning } from './running.ts'
import { lookAtTables } from './tables.ts'

/**
 * Looks at every part of an installation, changing nothing; what cannot be looked at without the settings is left out where they are wrong.
 * @param onFinding gets each as soon as it is there
 */
export const examine = async (env: NodeJS.ProcessEnv, onFinding: (finding: Finding) => void): Promise<Finding[]> => {
  const findings: Finding[] = []
  const find = (finding: Finding | undefined): void => {
    if (!finding) return
    findings.push(finding)
    onFinding(finding)
  }
  const { settings, faults } = checkConfig(env, undefined)
  for (const { sentence } of faults) {
    find(
      wrong(
        'settings',
        sentence,
        'clickwatch config check shows all of them; docs/configuration.md says what each is.',
      ),
    )
  }
  // Without them nobody knows where to look.
  if (settings.length === 0) return findings
  if (faults.length === 0) find(good('settings', 'Every one can be used.'))
  const config = readConfig(env)
  const { finding, isRunning } = lookAtFolder(config)
  find(finding)
  if (finding.state !== 'wrong') find(lookAtDisk(config))
  find(await lookAtPort(config, isRunning))
  find(lookAtKey(config))
  if (isRunning) for (const each of await lookAtRunning(config)) find(each)
  if (finding.state === 'wrong') return findings
  find(await lookAtStream(config))
  // One process at a time has the tables of a folder open.
  if (config.clickhouse !== undefined || !isRunning) find(await lookAtTables(config))
  find(await lookAtDatabase(config))
  find(await lookAtLake(config))
  find(await lookAtPlaces(config))
  find(await lookAtMail(config))
  return findings
}
