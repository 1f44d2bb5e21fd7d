import { openEmbeddedStore } from '../packages/server/src/store/embedded.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'
import { growStore } from './grown-store.ts'
const [folder, events] = process.argv.slice(2)
const store = openEmbeddedStore(folder!)
await migrate(store, async () => undefined)
const t = performance.now()
await growStore(store, Number(events), (line) => process.stdout.write(`${line} ${((performance.now() - t) / 1000).toFixed(0)} s\n`))
await store.close()
