import type { Config } from '../../config.ts'
import { createLogger } from '../../http/server.ts'
import { openCollector } from '../collector.ts'
import type { Role } from '../role.ts'
import { openMetadataShared, openSecrets, requireShared } from './shared.ts'

/** `clickwatch collector`: takes events in and puts them on the stream. */
export const openCollectorApart = async (config: Config): Promise<Role & { port: number }> => {
  requireShared('collector', config)
  const logger = createLogger('collector', config.logLevel)
  const { metadata, shared } = await openMetadataShared(config, logger)
  const secrets = await openSecrets(config, { metadata, shared }, logger)
  const collector = await openCollector(config, { shared: secrets })
  return {
    port: collector.port,
    async stop() {
      await collector.stop()
      await secrets.close()
      await metadata.destroy()
    },
  }
}
