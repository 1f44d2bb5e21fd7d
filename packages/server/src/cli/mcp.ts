import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { readConfig } from '../config.ts'
import { askOver } from '../mcp/ask.ts'
import { createMcpServer } from '../mcp/server.ts'

/** `clickwatch mcp`: the tools for assistants over standard input and output, until the assistant closes them. */
export const mcp = async (url: string | undefined): Promise<number> => {
  const { port, apiKey } = readConfig(process.env)
  const server = createMcpServer(askOver(url ?? `http://localhost:${port}`, apiKey))
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve
    process.stdin.once('end', resolve)
  })
  await server.connect(new StdioServerTransport())
  await closed
  await server.close()
  return 0
}
