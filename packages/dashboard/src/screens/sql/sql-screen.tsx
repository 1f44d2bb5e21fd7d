import type { SqlAnswer } from '@clickwatch/contract'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { askJson } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { Card } from '../../components/card.tsx'
import { button, field, mainButton } from '../../components/controls.ts'
import { Header } from '../../components/header.tsx'
import { readStored, store } from '../../storage.ts'
import { Answer } from './answer.tsx'
import { Tables } from './tables.tsx'

const storedAs = 'clickwatch.sql'
const example = `SELECT path, uniqExact(visitor_id) AS visitors, countIf(type = 'click') AS clicks
FROM events
WHERE time > now() - INTERVAL 7 DAY
GROUP BY path
ORDER BY visitors DESC
LIMIT 20`

/** Asks, and has what is asked for given up where something else is asked or the screen is left. */
const useQuestion = (site: string) => {
  const asking = useRef<AbortController>(undefined)
  const question = useMutation({
    mutationFn: (sql: string) => {
      asking.current?.abort()
      asking.current = new AbortController()
      const { signal } = asking.current
      return askJson<SqlAnswer>('/api/sql', { body: { site_id: site, sql }, signal })
    },
  })
  return {
    ...question,
    stop: () => {
      asking.current?.abort()
      question.reset()
    },
  }
}

/** For analysts: a question of their own in SQL, and its answer. */
const SqlScreen = ({ search }: { search: { site?: string } }) => {
  const t = useTranslations('sql')
  const { site = 'default' } = search
  const navigate = useNavigate()
  const connection = useLive(site)
  const [sql, setSql] = useState(() => readStored(storedAs) ?? example)
  const editor = useRef<HTMLTextAreaElement>(null)
  const { data, error, variables = '', isPending, mutate, stop } = useQuestion(site)

  const run = () => {
    if (sql.trim() === '') return
    store(storedAs, sql)
    mutate(sql)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    run()
  }
  const insert = (name: string) => {
    const area = editor.current
    const from = area?.selectionStart ?? sql.length
    const to = area?.selectionEnd ?? sql.length
    setSql(`${sql.slice(0, from)}${name}${sql.slice(to)}`)
    area?.focus()
  }

  return (
    <>
      <title>{`${t('title')} · ClickWatch`}</title>
      <Header
        site={site}
        connection={connection}
        onSite={(next) => void navigate({ to: '/sql', search: next === 'default' ? {} : { site: next } })}
      />
      <main id="main" className="mx-auto max-w-7xl space-y-4 px-4 pb-12 sm:px-6">
        <h1 className="text-2xl font-bold tracking-tight">{t('title')}</h1>
        <p className="text-soft">{t('about')}</p>
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]">
          <div className="min-w-0 space-y-4">
            <Card className="p-5">
              <form
                onSubmit={(event) => {
                  event.preventDefault()
                  run()
                }}
              >
                <label htmlFor="sql" className="mb-1.5 block font-medium">
                  {t('question')}
                </label>
                <textarea
                  id="sql"
                  ref={editor}
                  value={sql}
                  onChange={({ target }) => setSql(target.value)}
                  onKeyDown={onKeyDown}
                  rows={Math.min(20, Math.max(8, sql.split('\n').length + 1))}
                  spellCheck={false}
                  autoCapitalize="off"
                  autoComplete="off"
                  aria-describedby="sql-keys"
                  className={`${field} w-full resize-y font-mono text-sm leading-6`}
                />
                <div className="mt-2 flex flex-wrap items-center gap-3">
                  <button type="submit" disabled={isPending} className={mainButton}>
                    {isPending ? t('running') : t('run')}
                  </button>
                  {isPending && (
                    <button type="button" onClick={stop} className={button}>
                      {t('stop')}
                    </button>
                  )}
                  <span id="sql-keys" className="text-sm text-soft">
                    {t('keys')}
                  </span>
                </div>
              </form>
            </Card>
            <div aria-live="polite">
              {error && !isPending && (
                <Card label={t('failed')} className="p-5">
                  <p className="font-medium text-bad">{t('failed')}</p>
                  <p className="mt-1 whitespace-pre-wrap wrap-anywhere">{error.message}</p>
                </Card>
              )}
              {data && !isPending && <Answer answer={data} sql={variables} site={site} />}
            </div>
          </div>
          <Tables site={site} onInsert={insert} />
        </div>
      </main>
    </>
  )
}
export default SqlScreen
