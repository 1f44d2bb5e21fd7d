import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// The least a collector could do: read the body, forget it, answer 202. Tells its parent the port.
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => response.writeHead(202, { 'content-type': 'application/json' }).end('{"accepted":1}'))
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())
