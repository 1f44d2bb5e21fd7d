import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { type Config, readConfig } from '../config.ts'
import { messageOf, StartError, systemCodeOf } from '../errors.ts'
import { readSites } from '../metadata/sites.ts'
import { exitCodes } from './command.ts'
import { nearest } from './nearest.ts'
import { isSecret, knownVariables, settings } from './settings.ts'

/** A setting as it is: secrets say only that they are there. */
export type Setting = { name: string; value: string; from: string }
/** What is wrong, and what to do about it. */
export type Fault = { name: string; sentence: string }

/** Variables that look like ours and mean nothing, with the one that was probably meant. */
export const unknownVariables = (env: NodeJS.ProcessEnv): Fault[] =>
  Object.keys(env)
    .filter((name) => name.startsWith('CLICKWATCH_') && !knownVariables.includes(name))
    .toSorted()
    .map((name) => {
      const meant = nearest(name, knownVariables)
      const hint = meant === undefined ? 'Remove it, or look it up in docs/configuration.md.' : `Is ${meant} meant?`
      return { name, sentence: `${name} means nothing to ClickWatch. ${hint}` }
    })

const shown = (value: unknown): string =>
  value === undefined || value === '' ? 'none' : Array.isArray(value) ? value.join(', ') : String(value)

/** @param originOf says of a variable that is set where it is set */
const settingsOf = (config: Config, env: NodeJS.ProcessEnv, originOf: (name: string) => string): Setting[] =>
  Object.entries(settings).map(([name, read]) => {
    const file = isSecret(name) ? env[`${name}_FILE`] : undefined
    const from = file ? `the file ${file}` : env[name] ? originOf(name) : 'default'
    const isHidden = isSecret(name) && from !== 'default'
    return { name, value: isHidden ? '(secret, is set)' : shown(read(config)), from }
  })

const readEnvFile = (path: string): NodeJS.ProcessEnv => {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new StartError(`--env-file names ${path}, which cannot be read (${systemCodeOf(cause) ?? 'no code'}).`, {
      cause,
    })
  }
}

/**
 * The settings that a start would have, and what is wrong with them. Nothing is started, nothing is written.
 * @param file what a file such as .env says, where the environment has nothing of that name
 */
export const checkConfig = (
  env: NodeJS.ProcessEnv,
  file: { path: string; env: NodeJS.ProcessEnv } | undefined,
): { settings: Setting[]; faults: Fault[] } => {
  const both = { ...file?.env, ...env }
  const faults = unknownVariables(both)
  try {
    const config = readConfig(both)
    readSites(config.sitesFile)
    const originOf = (name: string) => (env[name] === undefined ? (file?.path ?? '') : 'environment')
    return { settings: settingsOf(config, both, originOf), faults }
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    const name = /\b(CLICKWATCH|AZURE|AWS)_[A-Z_]+/.exec(messageOf(error))?.[0] ?? 'settings'
    return { settings: [], faults: [{ name, sentence: messageOf(error) }, ...faults] }
  }
}

/** `clickwatch config check` */
export const configCheck = async (envFile: string | undefined, isJson: boolean): Promise<number> => {
  const file = envFile === undefined ? undefined : { path: envFile, env: readEnvFile(envFile) }
  const found = checkConfig(process.env, file)
  if (isJson) {
    process.stdout.write(`${JSON.stringify({ is_good: found.faults.length === 0, ...found })}\n`)
  } else {
    const width = Math.max(0, ...found.settings.map(({ name }) => name.length))
    for (const { name, value, from } of found.settings) {
      process.stdout.write(`${name.padEnd(width)}  ${value}  (${from})\n`)
    }
    const last = found.faults.length === 0 ? ['Every setting can be used.'] : found.faults.map((one) => one.sentence)
    process.stdout.write(`\n${last.join('\n')}\n`)
  }
  return found.faults.length === 0 ? exitCodes.done : exitCodes.foundWrong
}
