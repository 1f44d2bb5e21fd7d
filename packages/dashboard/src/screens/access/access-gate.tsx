import { lazy, type ReactNode, Suspense } from 'react'
import { useAccess } from '../../api/access.ts'

const DoorScreen = lazy(() => import('./door-screen.tsx'))

/** Shows what is inside once the API lets this browser in, and until then the ways in. */
export const AccessGate = ({ children }: { children: ReactNode }) =>
  useAccess() === 'granted' ? (
    children
  ) : (
    <Suspense>
      <DoorScreen />
    </Suspense>
  )
