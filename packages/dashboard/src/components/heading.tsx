import clsx from 'clsx'
import type { ReactNode } from 'react'

/** What stands over a table's column: to the right over numbers; left out where it is narrow and the column is not needed there. */
export const Heading = (props: { children: ReactNode; isNumber?: boolean; isOnlyWide?: boolean }) => (
  <th
    scope="col"
    className={clsx(
      'py-1.5 font-medium not-first:pl-3',
      props.isNumber && 'text-right',
      props.isOnlyWide && 'hidden sm:table-cell',
    )}
  >
    {props.children}
  </th>
)
