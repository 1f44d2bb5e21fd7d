'use client'

import { consent, type EventDetails, event, identify, init, type Options } from '@clickwatch/tracker'
import { useEffect } from 'react'

export type { EventDetails, Options }

const commands = { event, identify, consent }

/**
 * Starts tracking once the component is in the page, and answers what a component may tell. One component, the outermost, gives
 * options; any other asks for the commands alone. On a server it does nothing.
 */
export const useClickWatch = (options?: Options): typeof commands => {
  useEffect(() => {
    if (options) init(options)
  }, [options])
  return commands
}
