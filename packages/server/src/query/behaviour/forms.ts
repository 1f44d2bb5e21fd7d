import type { FormsAnswer } from '@clickwatch/contract'
import { eventsWhere, percent, type Question } from './question.ts'

const maxForms = 200

type FormRow = { form: string; page: string; started: number; sent: number; abandoned: number; views: number }
type FieldRow = { form: string; page: string; field: string; filled: number; last: number }

/** Every form by its page: how many visitors saw, began, sent and left it, and after which field. */
export const askForms = async (question: Question, page: string | undefined): Promise<FormsAnswer> => {
  const { store, scope } = question
  const where = [eventsWhere(question), ...(page === undefined ? [] : [`path = ${scope.bound.add(page, 'String')}`])]
  // What each visitor came to with a form: whether they ever sent it, and the fields of the latest time that they did or did not.
  const triedSql = `
    SELECT element_id AS form, path AS page, visitor_id, countIf(type = 'submit') > 0 AS is_sent,
      argMax(form_fields, (time, seq)) AS fields, arrayDistinct(arrayFlatten(groupArray(form_fields))) AS ever
    FROM silver.events FINAL
    WHERE ${where.join(' AND ')} AND type IN ('submit', 'form_abandon')
    GROUP BY form, page, visitor_id`
  const [forms, fields] = await Promise.all([
    store.query<FormRow>(
      `SELECT form, page, count() AS started, countIf(is_sent) AS sent, countIf(NOT is_sent) AS abandoned, any(seen_by) AS views
       FROM (${triedSql}) AS tried
       LEFT JOIN (
         SELECT path AS page, uniqExact(visitor_id) AS seen_by FROM silver.events FINAL
         WHERE ${where.join(' AND ')} AND type = 'page_view'
         GROUP BY page
       ) AS viewed USING (page)
       GROUP BY form, page
       ORDER BY started DESC, page, form
       LIMIT ${maxForms}`,
      scope.bound.parameters,
    ),
    // Fields come in the order of the form.
    store.query<FieldRow>(
      `SELECT form, page, field, count() AS filled, countIf(NOT is_sent AND fields[-1] = field) AS last
       FROM (${triedSql})
       ARRAY JOIN ever AS field, arrayEnumerate(ever) AS place
       GROUP BY form, page, field
       ORDER BY avg(place), filled DESC, field`,
      scope.bound.parameters,
    ),
  ])
  const ofForm = Map.groupBy(fields, ({ form, page: on }) => `${on}\0${form}`)
  return {
    forms: forms.map((form) => ({
      ...form,
      completion_rate: percent(form.sent, form.started),
      fields: (ofForm.get(`${form.page}\0${form.form}`) ?? []).map(({ field, filled, last }) => ({
        field,
        filled,
        last,
      })),
    })),
  }
}
