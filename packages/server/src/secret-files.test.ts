import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/fixtures/clickwatch.ts'
import { readConfig } from './config.ts'
import { secretVariables, withSecretFiles } from './secret-files.ts'

const folder = temporaryFolder()
const path = join(folder, 'secret')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const fileWith = (content: string): string => {
  writeFileSync(path, content)
  return path
}

describe('a secret in a file', () => {
  it.each(secretVariables)('is read for %s as if it stood there, without the line break at its end', (name) => {
    expect(withSecretFiles({ [`${name}_FILE`]: fileWith('s3 cret\n') })[name]).toBe('s3 cret')
  })

  it('is checked as the variable is, and is not told', () => {
    expect(readConfig({ CLICKWATCH_API_KEY_FILE: fileWith('key') }).apiKey).toBe('key')
    const wrong = () => readConfig({ CLICKWATCH_DATABASE_FILE: fileWith('hidden') })
    expect(wrong).toThrow(/^CLICKWATCH_DATABASE is no address/)
    expect(wrong).not.toThrow(/hidden/)
  })

  it('stops the start where it is not there, empty, or said twice', () => {
    const read = (env: NodeJS.ProcessEnv) => () => withSecretFiles(env)
    expect(read({ CLICKWATCH_API_KEY_FILE: join(folder, 'none') })).toThrow(/_FILE names .*there is no such file/)
    expect(read({ CLICKWATCH_API_KEY_FILE: fileWith('\n') })).toThrow(/is empty/)
    expect(read({ CLICKWATCH_API_KEY_FILE: fileWith('a'), CLICKWATCH_API_KEY: 'a' })).toThrow(/both set/)
  })

  it('leaves what has a meaning of its own with _FILE as it is', () => {
    expect(withSecretFiles({ CLICKWATCH_STREAM_TOKEN_FILE: '/nowhere' })).toEqual({
      CLICKWATCH_STREAM_TOKEN_FILE: '/nowhere',
    })
  })
})
