/** Why a value is not sent to the backend; the `errorType` of an operation that is `refused` for it. */
export type Refusal = 'NOT_SERIALISABLE' | 'TOO_LARGE' | 'RESERVED_TEXT'

/** A value that its codec declines. The message says what kind of thing it is, never what is in it. */
export class RefusedValueError extends Error {
  override readonly name = 'RefusedValueError'
  constructor(
    readonly refusal: Refusal,
    message: string,
  ) {
    super(message)
  }
}

export const tooLarge = (maxBytes: number): string =>
  `a value was not stored because its text is over maxValueBytes (${maxBytes})`
