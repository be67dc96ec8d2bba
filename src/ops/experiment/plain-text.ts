const MAX_LENGTH = 200

// What a terminal would obey: escape sequences first, so that their letters go with them, then control characters.
// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)/g
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g

/** A subject's text on one line, without anything that a terminal would act on, and not longer than 200 characters. */
export function plainText(text: string): string {
  return shortened(unescaped(text))
}

/** As `plainText`, however long. */
export function unescaped(text: string): string {
  return text.replace(ESCAPES, '').replace(CONTROLS, ' ').trim()
}

/** Its first 200 characters, of which the last says that there are more. */
export function shortened(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text
}

/** An error as a caller would see it in a log: name and message, no stack and no properties. */
export function describeError(error: unknown): string {
  return plainText(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
}
