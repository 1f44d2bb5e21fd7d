import Type, { type Static } from 'typebox'

/** The body of every answer that is not a success. */
export const ErrorAnswer = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'stable, for programs: invalid_field, too_large, overloaded …' }),
    message: Type.String({ description: 'a sentence for people' }),
    field: Type.Optional(Type.String({ description: 'which part of the request, for example events/3/type' })),
    request_id: Type.String({ description: 'also in the x-request-id header and in the log' }),
  }),
})
export type ErrorAnswer = Static<typeof ErrorAnswer>
