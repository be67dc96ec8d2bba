import { unreadable } from './rest-error.js'

/** The values of a statement. They never stand in its text. */
export class Parameters {
  readonly values: string[] = []

  /** How the text names it: `$1`. Its type is the one that its place asks for. */
  add(value: string): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/** What the parts of a statement have in common: which relation its columns are of, and its values. */
export interface Scope {
  relation: string
  parameters: Parameters
}

/** A name that a client chose, as one word of SQL whatever is in it. */
export function identifier(name: string): string {
  if (name === '') throw unreadable('a name', 'it is empty')
  // The text of a statement ends at the first zero byte.
  if (name.includes('\0')) throw unreadable('a name', 'it holds a zero byte')
  return `"${name.replaceAll('"', '""')}"`
}
