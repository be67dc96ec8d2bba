import { beginningOf, withoutCutSecrets } from './cut-secrets.js'
import { secretValuesOf } from './secret-values.js'

/** Takes secrets out of whatever is about to leave the process. */
export interface Redactor {
  /** Plain text without secrets. */
  text(text: string): string
  /**
   * A deep copy of a document without secrets, still the same shape: redacting its JSON text instead could break it.
   * Errors are reduced to name, message and code, because clients hang the command and its arguments (AUTH) on them.
   */
  document<T>(document: T): T
  /**
   * The same for whoever lays it out and redacts the text: without the secrets that a layout may break, in which they would
   * not be found any more. Short words and names stay, because views go by them, and a password may be one of ours.
   */
  forLayout<T>(document: T): T
}

// No column of a table is narrower.
const BREAKABLE = /\s|.{16}/

const instead = '[redacted]'

// In order; each replaces what follows its first group.
const patterns: [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>`]*@/gi, `$1${instead}@`],
  // An unescaped / or # in a password: after the colon comes no port.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>`[]*:(?!\d+(?:[/?#]|$))[^\s"'<>`]+@/gi, `$1${instead}@`],
  [
    /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|token|digest)\s+)?[^\s"',;]+/gi,
    `$1${instead}`,
  ],
  [/\b((?:bearer|basic)\s+)(?=[^\s"',;]*\d|[^\s"',;]{20})[\w.~+/=-]{8,}/gi, `$1${instead}`],
  [/()\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, instead],
  [
    /()\b(?:sb_secret_|sbp_|gh[pousr]_|github_pat_|sk_live_|sk_test_|xox[abpr]-|npm_|glpat-)[\w-]{10,}/g,
    instead,
  ],
  [/\b((?:requirepass|masterauth|masteruser)["']?\s+)[^\s"']+/gi, `$1${instead}`],
  // Redis repeats what it was sent, AUTH included.
  [/(with args beginning with:).*/gi, `$1 ${instead}`],
  [
    /((?:password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|role[-_]?key|private[-_]?key)["']?\s*=\s*["']?)[^\s"',;&)]{4,}/gi,
    `$1${instead}`,
  ],
  [
    /((?:password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|role[-_]?key|private[-_]?key)["']?\s*(?::|\bis\b|\s)\s*["']?)(?=[^\s"',;]*\d|[^\s"',;]{20})[^\s"',;&)]{8,}/gi,
    `$1${instead}`,
  ],
]

/** A redactor that knows the secrets of this environment, and what secrets look like in general. */
export function createRedactor(env: NodeJS.ProcessEnv = process.env): Redactor {
  const secrets = secretValuesOf(env)
  // Longest first, so that no secret survives as the rest of a shorter one.
  const values = [...secrets.keys()].sort((a, b) => b.length - a.length)
  const known = anyOf(values, 'g')
  const begun = anyOf(values.map(beginningOf))

  const text = (plain: string): string => {
    let redacted = known ? plain.replace(known, (secret) => secrets.get(secret) ?? instead) : plain
    if (begun?.test(redacted)) redacted = withoutCutSecrets(redacted, values, instead)
    for (const [pattern, replacement] of patterns) redacted = redacted.replace(pattern, replacement)
    return redacted
  }

  const copy = (value: unknown, ancestors: object[], whole = true): unknown => {
    if (typeof value === 'string') return whole || BREAKABLE.test(value) ? text(value) : value
    if (typeof value === 'bigint') return value.toString()
    if (typeof value !== 'object' || value === null) return value
    if (ancestors.includes(value)) return '[circular]'
    if (value instanceof Date) return value
    const path = [...ancestors, value]
    if (value instanceof Error) {
      const code = (value as { code?: unknown }).code
      return { name: value.name, message: text(value.message), ...(typeof code === 'string' && { code }) }
    }
    if (Array.isArray(value)) return value.map((item) => copy(item, path, whole))
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [whole ? text(name) : name, copy(item, path, whole)]),
    )
  }

  return {
    text,
    document: <T>(document: T) => copy(document, []) as T,
    forLayout: <T>(document: T) => copy(document, [], false) as T,
  }
}

function anyOf(secrets: readonly string[], flags?: 'g'): RegExp | undefined {
  return secrets.length === 0 ? undefined : new RegExp(secrets.map(patternOf).join('|'), flags)
}

/**
 * A secret as it was given, or as others show it: with what they escape when they quote it, and other blanks where a
 * text was made one line, or many.
 */
function patternOf(secret: string): string {
  return secret.replace(/\s+|\\+|["'`/]|[.*+?^${}()|[\]]/g, (found) => {
    if (found.trim() === '') return '\\s+'
    if (found.startsWith('\\')) return '\\\\+'
    return /["'`/]/.test(found) ? `\\\\*${found}` : `\\${found}`
  })
}
