import { readConfig } from '../../config.ts'
import { messageOf } from '../../errors.ts'
import { openEmbeddedStore } from '../../store/embedded.ts'
import { lookAtPartitions } from '../../stream/open.ts'
import { tablesOf } from './tables.ts'

// Opens what may be damaged, `stream` or `tables`, in a folder, and prints what there is, as JSON.

const looks: Record<string, (folder: string) => Promise<unknown>> = {
  async stream(folder) {
    const { streamCredentials: credentials } = readConfig(process.env)
    return lookAtPartitions({ target: { kind: 'embedded' }, credentials }, folder)
  },
  async tables(folder) {
    const store = openEmbeddedStore(folder)
    const found = await tablesOf(store)
    await store.close()
    return found
  },
}

const [what = '', folder = ''] = process.argv.slice(2)
try {
  process.stdout.write(JSON.stringify(await looks[what]?.(folder)))
  process.exit(0)
} catch (error) {
  process.stderr.write(messageOf(error))
  process.exit(1)
}
