import { readFileSync } from 'node:fs'
import { StartError, systemCodeOf } from './errors.ts'

/**
 * Variables whose value is a secret, or has one in it: each may be in a file instead, which `<name>_FILE` names. The environment of a
 * process is shown by more tools than its files are.
 */
export const secretVariables = [
  'CLICKWATCH_API_KEY',
  'CLICKWATCH_DATABASE',
  'CLICKWATCH_CLICKHOUSE',
  'CLICKWATCH_CLICKHOUSE_READER',
  'CLICKWATCH_SMTP_URL',
  'CLICKWATCH_OIDC_CLIENT_SECRET',
  'CLICKWATCH_STREAM',
  'CLICKWATCH_STREAM_USER',
  'CLICKWATCH_STREAM_PASSWORD',
  'CLICKWATCH_LAKE',
  'AZURE_STORAGE_KEY',
  'AZURE_STORAGE_SAS_TOKEN',
] as const

const contentOf = (name: string, path: string): string => {
  try {
    // Editors and `echo` end a file with a line break, which no secret of ours has.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    const reason = systemCodeOf(cause) === 'ENOENT' ? 'there is no such file' : (systemCodeOf(cause) ?? 'no code')
    throw new StartError(`${name} names ${path}, which cannot be read (${reason}).`, { cause })
  }
}

/**
 * The environment with the secrets that files hold in the places of their own.
 * @throws {StartError} naming the variable, where its file cannot be read, is empty, or is named beside the secret itself
 */
export const withSecretFiles = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const read: NodeJS.ProcessEnv = {}
  for (const name of secretVariables) {
    const path = env[`${name}_FILE`]
    if (!path) continue
    if (env[name]) throw new StartError(`${name} and ${name}_FILE are both set; one of them is expected.`)
    const content = contentOf(`${name}_FILE`, path)
    if (content === '') throw new StartError(`${name}_FILE names ${path}, which is empty.`)
    read[name] = content
  }
  return { ...env, ...read }
}
