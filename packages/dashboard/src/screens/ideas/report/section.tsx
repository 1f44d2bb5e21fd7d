import type { ReactNode } from 'react'
import { Card } from '../../../components/card.tsx'

/** A part of the report, with how to read it. */
export const Section = (props: { title: string; about?: string; children: ReactNode; className?: string }) => (
  <Card label={props.title} className={`p-5 print:break-inside-avoid print:p-3 ${props.className ?? ''}`}>
    <h2 className="text-base font-bold print:mb-1.5">{props.title}</h2>
    {props.about && <p className="mt-0.5 mb-4 max-w-3xl text-sm text-soft print:hidden">{props.about}</p>}
    {props.children}
  </Card>
)
