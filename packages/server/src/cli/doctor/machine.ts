import { existsSync, statfsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import type { Config } from '../../config.ts'
import { messageOf, systemCodeOf } from '../../errors.ts'
import { lockDataFolder } from '../lock.ts'
import { type Finding, good, warning, wrong } from './finding.ts'
import { within } from './limit.ts'

// What ClickWatch stands on: a folder, room in it, a port.

/** Whether an instance is at work in the data folder: then what it has open is looked at through it. */
export const lookAtFolder = ({ dataFolder }: Config): { finding: Finding; isRunning: boolean } => {
  const part = 'data folder'
  // Looking makes nothing that was not there.
  if (!existsSync(dataFolder)) {
    const above = existingAbove(dataFolder)
    if (statSync(above).isDirectory()) {
      return { finding: good(part, `${dataFolder} is made at the first start.`), isRunning: false }
    }
    const sentence = `The data folder ${dataFolder} cannot be made: ${above} is a file.`
    return { finding: wrong(part, sentence, 'Name another folder with CLICKWATCH_DATA.'), isRunning: false }
  }
  try {
    lockDataFolder(dataFolder).release()
    return { finding: good(part, `${dataFolder} can be used.`), isRunning: false }
  } catch (error) {
    if (/is in use/.test(messageOf(error))) {
      return { finding: good(part, `${dataFolder} is in use by a ClickWatch that runs.`), isRunning: true }
    }
    const mend = `Give this account the right to write there (chown -R "$(id -un)" ${dataFolder}), or choose another with CLICKWATCH_DATA.`
    return { finding: wrong(part, messageOf(error).replace(/ Choose another.*$/, ''), mend), isRunning: false }
  }
}

const existingAbove = (path: string): string => (existsSync(path) ? path : existingAbove(dirname(path)))

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

export const lookAtDisk = ({ dataFolder, leastFreeBytes }: Config): Finding => {
  const { bavail, bsize } = statfsSync(existingAbove(dataFolder))
  const free = bavail * bsize
  const sentence = `${gigabytes(free)} are free on the disk of ${dataFolder}`
  if (free < leastFreeBytes) {
    const mend =
      'Make room, move the data folder to a larger disk, or keep less (keep_days, docs/configuration.md#sites); CLICKWATCH_MIN_FREE_BYTES is the limit.'
    return wrong('disk', `${sentence}: with less than ${gigabytes(leastFreeBytes)} nothing is taken in.`, mend)
  }
  if (free < 4 * leastFreeBytes) {
    return warning(
      'disk',
      `${sentence}; below ${gigabytes(leastFreeBytes)} nothing is taken in.`,
      'Make room before it is full.',
    )
  }
  return good('disk', `${sentence}.`)
}

const listen = (port: number, host: string | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host ?? '::', () => server.close(() => resolve()))
  })

/** Who answers on a port, as far as it says. */
const whoIsAt = async (port: number): Promise<string> => {
  try {
    const answer = await within(2000, fetch(`http://127.0.0.1:${port}/healthz`))
    const { status } = (await answer.json()) as { status?: string }
    return status === 'live' ? 'another ClickWatch' : 'another web server'
  } catch {
    return 'another program'
  }
}

/** @param isRunning whether an instance of this folder has the port already */
export const lookAtPort = async ({ port, host }: Config, isRunning: boolean): Promise<Finding> => {
  try {
    await listen(port, host)
    const mend = `Start it with the port that it is asked on (--port ${port}), or look for it on the port it was started with.`
    return isRunning
      ? warning('port', `Nobody answers on port ${port}, and a ClickWatch runs.`, mend)
      : good('port', `Port ${port} is free.`)
  } catch (error) {
    if (systemCodeOf(error) === 'EADDRINUSE') {
      if (isRunning) return good('port', `Port ${port} is taken, by the ClickWatch that runs.`)
      const sentence = `Port ${port} is taken by ${await whoIsAt(port)}.`
      return wrong('port', sentence, `Stop that one, or choose another port: CLICKWATCH_PORT=${port + 1}`)
    }
    if (systemCodeOf(error) === 'EACCES') {
      const mend =
        'Choose a port above 1023 with CLICKWATCH_PORT and put a proxy before it (docs/operate), or let Node use it: setcap cap_net_bind_service=+ep'
      return wrong('port', `Port ${port} may not be used by this account.`, mend)
    }
    const mend = 'CLICKWATCH_HOST is to be an address of this machine; without it, ClickWatch listens on every one.'
    return wrong('port', `There can be no listening on ${host ?? 'any address'}: ${messageOf(error)}.`, mend)
  }
}

/** Fewer letters than this are guessed by a machine that tries for a day. */
const leastKeyLength = 20

export const lookAtKey = ({ apiKey, host }: Config): Finding => {
  const isInside = host !== undefined && /^(127\.|::1$|localhost$)/.test(host)
  if (apiKey === undefined) {
    return good(
      'access',
      'Without CLICKWATCH_API_KEY the dashboard answers on this machine alone; collection is for anyone.',
    )
  }
  if (apiKey.length < leastKeyLength && !isInside) {
    const sentence = `CLICKWATCH_API_KEY has ${apiKey.length} characters, and may be tried by anyone who reaches this machine.`
    return warning('access', sentence, 'Make a longer one: openssl rand -base64 32')
  }
  return good('access', 'CLICKWATCH_API_KEY opens the dashboard and the API.')
}

/** What is at the bottom of an error: that of several tries, or behind a sentence that only says what was tried. */
const rootOf = (error: unknown): unknown => {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors.at(-1))
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error
}

export const sentenceOf = (error: unknown): string => {
  const [sentence, root] = [messageOf(error), messageOf(rootOf(error))]
  return sentence.includes(root) ? sentence : `${sentence.replace(/\.$/, '')} (${root})`
}
