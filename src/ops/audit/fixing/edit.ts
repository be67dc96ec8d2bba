/** A stretch of a file's text, and what takes its place. */
export interface Edit {
  start: number
  end: number
  text: string
}

/** The text with the edits made, which come in order and do not meet; line ends are as the file has them. */
export function edited(text: string, edits: readonly Edit[]): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  let result = ''
  let at = 0
  for (const { start, end, text: added } of edits) {
    result += text.slice(at, start) + added.replaceAll(/\r?\n/g, newline)
    at = end
  }
  return result + text.slice(at)
}
