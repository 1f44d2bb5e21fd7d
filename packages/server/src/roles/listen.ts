import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { StartError, systemCodeOf } from '../errors.ts'

const portSentence = (port: number): string =>
  `Port ${port} is taken by another program. Stop it, or choose another port: npm start -- --port ${port + 1}`

/**
 * Has a server listen where the configuration says.
 * @returns the port
 * @throws {StartError} when it cannot be had
 */
export const listenPublicly = async (server: FastifyInstance, config: Config): Promise<number> => {
  const listen = (host: string) => server.listen({ port: config.port, host })
  try {
    await (config.host === undefined
      ? listen('::').catch((error: unknown) => {
          // A machine without IPv6.
          if (systemCodeOf(error) === 'EAFNOSUPPORT' || systemCodeOf(error) === 'EADDRNOTAVAIL')
            return listen('0.0.0.0')
          throw error
        })
      : listen(config.host))
  } catch (cause) {
    if (systemCodeOf(cause) === 'EADDRINUSE') throw new StartError(portSentence(config.port), { cause })
    if (systemCodeOf(cause) === 'EACCES') {
      throw new StartError(`Port ${config.port} may not be used by this account; choose one above 1023.`, { cause })
    }
    throw cause
  }
  const address = server.server.address()
  return typeof address === 'object' && address ? address.port : config.port
}
