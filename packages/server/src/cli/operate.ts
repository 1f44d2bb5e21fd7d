import { existsSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { ErrorAnswer, OperationLine } from '@clickwatch/contract'
import { operatorHeader, visitorAddressHeader } from '../collect/forward.ts'
import { type Config, isShared, readConfig } from '../config.ts'
import { ClickWatchError, StartError, systemCodeOf } from '../errors.ts'
import { exitCodes } from './command.ts'
import { lockDataFolder } from './lock.ts'
import { socketPathFor } from './supervisor.ts'

const write = (text: string) => process.stdout.write(text)
const isTerminal = process.stdout.isTTY
let saidAt = 0

const sayProgress = ({ done, total, eta_s }: OperationLine & { type: 'progress' }): void => {
  // A file or a pipe gets a line every few seconds, a terminal one that changes.
  const now = performance.now()
  if (now - saidAt < (isTerminal ? 100 : 5000)) return
  saidAt = now
  const left = eta_s === undefined ? '' : `, about ${eta_s} s to go`
  write(`${isTerminal ? '\r\u001b[2K' : ''}${done} of ${total}${left}${isTerminal ? '' : '\n'}`)
}

type Print = (line: OperationLine) => number | undefined

/** The exit code, where a line is the last one. */
const exitCodeOf = (line: OperationLine): number | undefined => {
  if (line.type === 'failed') return exitCodes.failed
  if (line.type === 'done') return line.is_good ? exitCodes.done : exitCodes.foundWrong
  return undefined
}

/** Prints a line for a program; answers the exit code where it is the last one. */
const printJson: Print = (line) => {
  write(`${JSON.stringify(line)}\n`)
  return exitCodeOf(line)
}

/** The same for a person. */
const printText: Print = (line) => {
  if (line.type === 'progress') {
    sayProgress(line)
    return undefined
  }
  if (isTerminal) write('\r\u001b[2K')
  if (line.type === 'check') {
    const { name, where, found, expected } = line
    write(
      found === expected
        ? `ok      ${name} (${where}: ${found})\n`
        : `DIFFERS ${name} (${where}): ${found}, expected ${expected}\n`,
    )
    return undefined
  }
  write(`${line.sentence}\n`)
  return exitCodeOf(line)
}

/** What a server says no with. */
const sentenceIn = (body: string, status: number | undefined): string => {
  try {
    return (JSON.parse(body) as ErrorAnswer).error.message
  } catch {
    return `The server answered ${status}.`
  }
}

/** Asks the engine behind a socket; undefined when none is there. */
const ask = (
  config: Config,
  socketPath: string,
  operation: string,
  argument: string,
  print: Print,
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = {
      host: 'localhost',
      [visitorAddressHeader]: '127.0.0.1',
      [operatorHeader]: 'yes',
      'content-type': 'application/json',
      ...(config.apiKey === undefined ? {} : { authorization: `Bearer ${config.apiKey}` }),
    }
    const asked = request({ socketPath, method: 'POST', path: `/api/admin/${operation}`, headers }, (response) => {
      let exitCode: number | undefined
      if (response.statusCode !== 200) {
        text(response).then((body) => reject(new StartError(sentenceIn(body, response.statusCode))), reject)
        return
      }
      const lines = createInterface({ input: response })
      lines.on('line', (line) => {
        exitCode = print(JSON.parse(line) as OperationLine) ?? exitCode
      })
      lines.once('close', () => {
        if (exitCode === undefined)
          reject(new StartError('The engine ended before it was done. It can be asked again.'))
        else resolve(exitCode)
      })
    })
    asked.once('error', (error) => {
      if (systemCodeOf(error) === 'ENOENT' || systemCodeOf(error) === 'ECONNREFUSED') resolve(undefined)
      else reject(error)
    })
    asked.end(JSON.stringify({ argument }))
  })

/** Does something to a cluster from here, whose pipelines stand still meanwhile. */
const operateCluster = async (config: Config, operation: string, argument: string, print: Print): Promise<number> => {
  const { openOperator } = await import('../roles/apart/operator.ts')
  const operator = await openOperator(config)
  try {
    let exitCode = 1
    await operator.operations[operation]?.((line) => {
      exitCode = print(line) ?? exitCode
    }, argument)
    return exitCode
  } catch (error) {
    if (!(error instanceof ClickWatchError)) throw error
    return print({ type: 'failed', code: error.code, sentence: error.message }) ?? 1
  } finally {
    await operator.close()
  }
}

/** Has the running server do something, or, where none runs, does it here. */
export const operate = async (operation: string, argument = '', isJson = false): Promise<number> => {
  const print = isJson ? printJson : printText
  const config = readConfig(process.env)
  const socketPath = socketPathFor(config.dataFolder)
  const answered = await ask(config, socketPath, operation, argument, print)
  if (answered !== undefined) return answered
  const isHere = existsSync(join(config.dataFolder, 'positions', 'data.mdb'))
  if (!isHere && isShared(config)) return operateCluster(config, operation, argument, print)
  if (!isHere) {
    throw new StartError(`There is nothing in ${config.dataFolder} yet. Another folder is named by CLICKWATCH_DATA.`)
  }
  const lock = lockDataFolder(config.dataFolder)
  try {
    if (process.platform !== 'win32') rmSync(socketPath, { force: true })
    const { openEngine } = await import('../roles/engine.ts')
    const engine = await openEngine(config, socketPath)
    try {
      return (await ask(config, socketPath, operation, argument, print)) ?? 1
    } finally {
      await engine.stop()
    }
  } finally {
    lock.release()
  }
}
