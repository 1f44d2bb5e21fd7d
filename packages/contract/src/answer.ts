import Type, { type Static } from 'typebox'

/** What was not taken of a request of which the rest was. It is kept with its reason. */
export const Rejection = Type.Object({
  index: Type.Integer({ description: 'place in the request, from 0' }),
  field: Type.String({ description: "for example events/0/event_type; '' for the whole of it" }),
  reason: Type.String(),
})
export type Rejection = Static<typeof Rejection>

/** The answer to `POST /e`, `/v1/sessions` and `/v1/events`: what was accepted is on disk. */
export const IntakeAnswer = Type.Object({
  accepted: Type.Integer(),
  rejected: Type.Array(Rejection),
  ignored_fields: Type.Optional(
    Type.Integer({ description: 'how many fields are not known here, if any; the rest of their event was taken' }),
  ),
})
export type IntakeAnswer = Static<typeof IntakeAnswer>
