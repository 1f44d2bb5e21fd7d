export { ClickWatch, type Options } from './client.ts'
export type { Event } from './event.ts'
