import type { TrackerEvent } from '@clickwatch/contract'
import { tellMarked } from './clicks.ts'
import { closest, idOf, listen } from './element.ts'
import type { Tell } from './tell.ts'

const begun = new Set<HTMLFormElement>()

const isFilled = ({ type, checked, value }: HTMLInputElement): unknown =>
  /checkbox|radio/.test(type) ? checked : value && !/hidden|submit|button/.test(type)

/** Which form it is, and the names of the fields that hold something; never what they hold. */
const about = (form: HTMLFormElement): Partial<TrackerEvent> => {
  const filled = ([...form.elements] as HTMLInputElement[]).filter(isFilled)
  return { element: { id: idOf(form) }, fields: [...new Set(filled.map(idOf))] }
}

const onForm = (name: 'input' | 'submit', handle: (form: HTMLFormElement) => void): void =>
  listen(name, (event) => {
    const form = closest(event, 'form')
    if (form) handle(form as HTMLFormElement)
  })

/** Tells of forms that are sent. */
export const watchForms = (tell: Tell): void => {
  onForm('input', (form) => begun.add(form))
  onForm('submit', (form) => {
    begun.delete(form)
    tell('submit', about(form), true)
    tellMarked(tell, form)
  })
}

/** Tells of forms that were begun and not sent, when their page is left. */
export const tellAbandoned = (tell: Tell): void => {
  for (const form of begun) tell('form_abandon', about(form))
  begun.clear()
}
