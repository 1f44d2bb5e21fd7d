import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { constants, getPriority, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.ts'
import { messageOf, StartError } from '../errors.ts'
import { lockDataFolder } from './lock.ts'
import type { FromChild, ToChild } from './messages.ts'

const rolePath = fileURLToPath(new URL('./role.ts', import.meta.url))
const stopLimitMs = 15_000
/** How much the engine gives way to the collector, by the measure of `nice`: what arrives is acknowledged before it is processed. */
const engineNice = 10
const firstRestartMs = 100
const lastRestartMs = 5000
/** A child that ran this long has recovered; its next death is restarted at once again. */
const steadyMs = 10_000

/** A path short enough for a socket's (about 100 bytes), in a folder of this account's own. */
export const socketPathFor = (dataFolder: string): string => {
  const name = `clickwatch-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`
  const folder = join(tmpdir(), `${name}-${process.getuid?.() ?? 0}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return join(folder, 'engine.sock')
}

/** One child that is started again whenever it dies, until it is told to stop. */
class Child {
  readonly #name: string
  readonly #start: () => ChildProcess
  readonly #say: (line: string) => void
  #process: ChildProcess | undefined
  #isStopping = false
  #restartMs = firstRestartMs
  #waiting: NodeJS.Timeout | undefined

  constructor(name: string, start: () => ChildProcess, say: (line: string) => void) {
    this.#name = name
    this.#start = start
    this.#say = say
  }

  /** Starts its process, which loads its program and does nothing yet. */
  load(): ChildProcess {
    this.#process = this.#start()
    return this.#process
  }

  /**
   * Has it begin and waits until it is ready.
   * @throws {StartError} when it cannot start
   */
  begin(): Promise<{ port: number | undefined }> {
    const child = this.#process ?? this.load()
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
        reject(new StartError(`The ${this.#name} ended while it started (${signal ?? `exit code ${code}`}).`))
      if (child.exitCode !== null || child.signalCode !== null) return onExit(child.exitCode, child.signalCode)
      child.once('message', (message: FromChild) => {
        if (message.type === 'failed') return reject(new StartError(message.sentence))
        this.#watch(child)
        resolve({ port: message.port })
      })
      child.once('exit', onExit)
      this.#go(child)
    })
  }

  #go(child: ChildProcess): void {
    const go: ToChild = { type: 'go' }
    // One that has ended by then is heard of by its exit.
    child.send(go, () => undefined)
  }

  #watch(child: ChildProcess): void {
    const startedAt = performance.now()
    child.once('exit', (code, signal) => {
      if (this.#isStopping) return
      if (performance.now() - startedAt > steadyMs) this.#restartMs = firstRestartMs
      this.#say(`The ${this.#name} ended (${signal ?? `exit code ${code}`}); starting it again.`)
      this.#waiting = setTimeout(() => this.#restart(), this.#restartMs)
      this.#restartMs = Math.min(this.#restartMs * 2, lastRestartMs)
    })
  }

  #restart(): void {
    const child = this.load()
    this.#watch(child)
    this.#go(child)
    child.once('message', (message: FromChild) => {
      this.#say(message.type === 'failed' ? message.sentence : `The ${this.#name} is back.`)
    })
  }

  /** Asks it to stop and waits until it has; a child that does not is killed. */
  async stop(): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#waiting)
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    await new Promise<void>((resolve) => {
      const kill = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
      child.once('exit', () => {
        clearTimeout(kill)
        resolve()
      })
      const stop: ToChild = { type: 'stop' }
      // One that is ending by itself may be gone before it is told; its exit is what is waited for.
      if (child.connected) child.send(stop, () => undefined)
      else child.kill('SIGKILL')
    })
  }
}

/**
 * Has a process that was just started give way to the collector. Threads have the priority of the one that starts them, and there is the
 * first alone as yet. Where the system does not allow it, all are equal.
 */
const giveWay = (pid: number, say: (line: string) => void): void => {
  try {
    setPriority(pid, Math.min(getPriority() + engineNice, constants.priority.PRIORITY_LOW))
  } catch (error) {
    say(`The engine has the collector's priority: ${messageOf(error)}`)
  }
}

export type Supervisor = { port: number; stop(): Promise<void> }

/**
 * Starts collector and engine as processes of their own and keeps them running: if one dies the other goes on.
 * @throws {StartError} with a sentence for the operator
 */
export const supervise = async (config: Config, say: (line: string) => void): Promise<Supervisor> => {
  const lock = lockDataFolder(config.dataFolder)
  const socketPath = socketPathFor(config.dataFolder)
  const env = {
    // Every statement that runs in ClickHouse takes one of Node's threads, of which files and passwords want some as well.
    ...{ UV_THREADPOOL_SIZE: '12', ...process.env },
    ...{ CLICKWATCH_DATA: config.dataFolder, CLICKWATCH_PORT: String(config.port) },
  }
  const forkRole = (name: string) =>
    fork(rolePath, [name, socketPath], { env, execArgv: ['--disable-warning=ExperimentalWarning'] })
  const forkEngine = () => {
    // A socket left behind by a killed engine would keep the next one from listening.
    if (process.platform !== 'win32') rmSync(socketPath, { force: true })
    const child = forkRole('engine')
    if (child.pid !== undefined) giveWay(child.pid, say)
    return child
  }
  const collector = new Child('collector', () => forkRole('collector'), say)
  const engine = new Child('engine', forkEngine, say)
  const stop = async () => {
    await collector.stop()
    await engine.stop()
    lock.release()
  }
  try {
    // Most of a start is loading, which both do at once; the collector makes the stream that the engine reads.
    collector.load()
    engine.load()
    const { port } = await collector.begin()
    await engine.begin()
    return { port: port ?? config.port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
