import type { Probe, ProbeSet } from '../../config/probes/probe.js'

/** As in the redactor: what is shorter would blot out ordinary words. */
const SHORTEST = 6
const SECRET_NAME = /auth|token|secret|passw|passphrase|credential|cookie|session|api-?_?key|private/i
/** Narrower: to have a name hidden that was none costs nothing, to be blamed for printing an author does. */
const CREDENTIAL_NAME =
  /^(?:proxy-)?authorization$|token|secret|passw|passphrase|credential|^cookie$|api-?_?key/i
/** A word that a log may hold for another reason, such as `password` itself. */
const PLAIN_WORD = /^[a-z]+$/
/** Stands for what a set-up captures. */
const PLACEHOLDER = /^\{\w+\}$/
const HIDDEN = '[redacted]'
const SCHEME = /^(?:Basic|Bearer|Digest|Token)\s+/i

/** What probes tell the app and nobody else is to read, should the app print it. */
export interface ProbeSecrets {
  /**
   * What a set-up has captured is hidden, whatever it is called.
   *
   * @param name that tells whether nobody may print it; an id may well stand in an access log
   */
  add(value: string, name?: string): void
  /** @param cut at which ends a part of a secret may stand, which is hidden as well */
  hide(text: string, cut?: { start: boolean; end: boolean }): string
  /** Whether the text holds what the app may not print. */
  isToldIn(text: string): boolean
}

export function probeSecrets(declared: ProbeSet): ProbeSecrets {
  const { setup, probes, read, stranger, write, revoke, limit } = declared
  const values = new Set<string>()
  const untold = new Set<string>()
  const add = (value: string, name = '') => {
    if (value.length < SHORTEST) return
    values.add(value)
    if (CREDENTIAL_NAME.test(name) && !PLAIN_WORD.test(value)) untold.add(value)
  }
  for (const probe of [...setup, ...probes, read, stranger, write, revoke, limit]) {
    if (probe) for (const [name, value] of secretsIn(probe)) if (!PLACEHOLDER.test(value)) add(value, name)
  }
  return {
    add,
    hide: (text, cut) => {
      const longestFirst = [...values].sort((left, right) => right.length - left.length)
      const hidden = longestFirst.reduce((rest, value) => rest.replaceAll(value, HIDDEN), text)
      return cut ? withoutParts(hidden, longestFirst, cut) : hidden
    },
    isToldIn: (text) => [...untold].some((value) => text.includes(value)),
  }
}

function withoutParts(
  text: string,
  values: readonly string[],
  { start, end }: { start: boolean; end: boolean },
): string {
  const first = start
    ? longest(values, (value) => partLength(value, (part) => text.startsWith(part), 'last'))
    : 0
  const rest = `${first > 0 ? HIDDEN : ''}${text.slice(first)}`
  const last = end ? longest(values, (value) => partLength(value, (part) => rest.endsWith(part), 'first')) : 0
  return last > 0 ? `${rest.slice(0, -last)}${HIDDEN}` : rest
}

/** Length of the longest such part of the value; 0: there is none that would tell much of it. */
function partLength(value: string, isThere: (part: string) => boolean, which: 'first' | 'last'): number {
  const least = Math.min(SHORTEST, Math.ceil(value.length / 2))
  for (let length = value.length - 1; length >= least; length -= 1) {
    if (isThere(which === 'first' ? value.slice(0, length) : value.slice(-length))) return length
  }
  return 0
}

function longest(values: readonly string[], lengthOf: (value: string) => number): number {
  return Math.max(0, ...values.map(lengthOf))
}

function secretsIn({ headers = {}, body = '' }: Probe): [string, string][] {
  const named = [...Object.entries(headers), ...fieldsOf(body)]
  return named
    .filter(([name]) => SECRET_NAME.test(name))
    .map(([name, value]) => [name, value.replace(SCHEME, '')])
}

/** The texts in a body of JSON, or of a form, by name. */
function fieldsOf(body: string): [string, string][] {
  const fields = [...body.matchAll(/"([^"\\]+)"\s*:\s*"((?:[^"\\]|\\.)*)"/g)]
  const form = fields.length === 0 ? [...body.matchAll(/([^&=\s]+)=([^&\s]+)/g)] : []
  return [...fields, ...form].map(([, name = '', value = '']) => [name, value])
}
