'use client'

import { consent, type EventDetails, event, identify, init, type Options, variant } from '@clickwatch/tracker'
import { useEffect, useState } from 'react'

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

/**
 * The variant of an idea that the visitor is to be shown: null until it is known, undefined where it is none. The component that asks
 * is where the idea is shown: that is told, once a visit. On a server it is null.
 */
export const useVariant = (idea: string): string | null | undefined => {
  const [shown, setShown] = useState<{ idea: string; variant: string | undefined }>()
  useEffect(() => {
    let isGone = false
    variant(idea).then((found) => {
      if (!isGone) setShown({ idea, variant: found })
    })
    return () => {
      isGone = true
    }
  }, [idea])
  return shown?.idea === idea ? shown.variant : null
}
