import { useQueryClient } from '@tanstack/react-query'
import { reportDenied, retryAccess } from '../../api/access.ts'

/** Whoever has gone sees nothing any more. */
export const useExit = (): (() => void) => {
  const client = useQueryClient()
  return () => {
    client.clear()
    reportDenied()
  }
}

/** Whoever was let in looks at everything anew. */
export const useEntrance = (): (() => void) => {
  const client = useQueryClient()
  return () => {
    client.clear()
    retryAccess()
  }
}
