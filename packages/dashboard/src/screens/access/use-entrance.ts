import { useQueryClient } from '@tanstack/react-query'
import { retryAccess } from '../../api/access.ts'

/** Whoever was let in looks at everything anew. */
export const useEntrance = (): (() => void) => {
  const client = useQueryClient()
  return () => {
    client.clear()
    retryAccess()
  }
}
