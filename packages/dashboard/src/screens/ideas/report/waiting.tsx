import type { Idea } from '@clickwatch/contract'
import { Radio } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Card } from '../../../components/card.tsx'
import { SetUp } from './set-up.tsx'

/** An idea nobody has seen yet: what goes onto the page. It turns by itself when the first visitor comes. */
export const Waiting = ({ site, idea }: { site: string; idea: Idea }) => {
  const t = useTranslations('ideaReport.waiting')
  return (
    <Card label={t('title')} className="p-5 sm:p-8">
      <div className="mx-auto max-w-3xl">
        <p role="status" className="flex items-center gap-2 font-medium text-accent">
          <Radio size={18} aria-hidden className="pulse-dot" /> {t('listening')}
        </p>
        <h2 className="mt-2 text-2xl font-bold tracking-tight">{t('title')}</h2>
        <p className="mt-1 mb-6 text-soft">{t('about')}</p>
        <SetUp site={site} idea={idea} />
      </div>
    </Card>
  )
}
