import { ask } from './client.ts'

/**
 * Saves what an address answers as a file, under the name that the server gives it. A plain link would not send the access key.
 * @throws {ApiError}
 */
export const download = async (path: string, options: { body?: unknown } = {}): Promise<void> => {
  const response = await ask(path, options)
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'clickwatch'
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
