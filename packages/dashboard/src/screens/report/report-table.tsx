import type { ReportAnswer, ReportRow } from '@clickwatch/contract'
import clsx from 'clsx'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Scrolling } from '../../components/scrolling.tsx'
import { Nothing } from '../../components/states.tsx'
import { formatExact } from '../../format.ts'
import { type Sort, sortRows } from './report-view.ts'
import { useShown } from './use-shown.ts'

const columns: (keyof ReportRow)[] = ['Platform', 'page_url', 'referrer', 'browser', 'os', 'visitor_count']

const Heading = ({ column, sort, onSort }: { column: keyof ReportRow; sort: Sort; onSort: (sort: Sort) => void }) => {
  const isSorted = sort.column === column
  const Arrow = sort.isDescending ? ArrowDown : ArrowUp
  const isNumber = column === 'visitor_count'
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
      className={clsx(
        'sticky top-0 bg-card px-3 py-2 font-semibold print:static',
        isNumber ? 'text-right' : 'text-left',
      )}
    >
      <button
        type="button"
        onClick={() => onSort({ column, isDescending: isSorted ? !sort.isDescending : isNumber })}
        className="inline-flex items-center gap-1 hover:text-accent"
      >
        {column}
        <Arrow size={14} aria-hidden className={isSorted ? '' : 'invisible'} />
      </button>
    </th>
  )
}

/** The reference's table, with its total. */
export const ReportTable = ({ report }: { report: ReportAnswer }) => {
  const t = useTranslations('report')
  const shown = useShown()
  const [sort, setSort] = useState<Sort>({ column: 'visitor_count', isDescending: true })
  if (report.table.length === 0) return <Nothing>{t('nothing')}</Nothing>
  const rest = report.table_rows - report.table.length
  return (
    <Scrolling label={t('tableAbout')} className="max-h-[28rem]">
      <table className="w-full min-w-[38rem] print:min-w-0 print:text-xs">
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column} column={column} sort={sort} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sortRows(report.table, sort).map((row) => (
            <tr
              key={columns
                .slice(0, 5)
                .map((column) => row[column])
                .join('\n')}
              data-row={row.Platform}
              className="border-t border-line hover:bg-raised/60"
            >
              {columns.map((column) => (
                <td
                  key={column}
                  className={clsx('px-3 py-1.5', column === 'visitor_count' && 'text-right font-semibold')}
                >
                  {column === 'visitor_count' ? formatExact(row.visitor_count) : shown(row[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t-2 border-line font-bold">
            <th scope="row" colSpan={5} className="sticky bottom-0 bg-card px-3 py-2 text-left print:static">
              {rest > 0 ? t('totalOfMore', { count: rest }) : t('total')}
            </th>
            <td className="sticky bottom-0 bg-card px-3 py-2 text-right print:static">
              {formatExact(report.total_visitors_count)}
            </td>
          </tr>
        </tfoot>
      </table>
    </Scrolling>
  )
}
