import type { TrackerEvent } from '@clickwatch/contract'

/** Tells that something happened; `now` sends it at once, for what may be the page's last word. */
export type Tell = (type: TrackerEvent['type'], more: Partial<TrackerEvent>, now?: boolean) => void
