import { stripVTControlCharacters } from 'node:util'

// Controls without tab and newline, and what reorders a line: what a step prints is shown to people and compared.
const invisible =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g

/** What a step printed as plain lines: no colours, no cursor movements, no controls. */
export function plainOutput(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n?/g, '\n').replace(invisible, '')
}
