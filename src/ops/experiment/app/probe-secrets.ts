import type { Probe, ProbeSet } from '../../config/probes/probe.js'

/** As in the redactor: what is shorter would blot out ordinary words. */
const SHORTEST = 6
const SECRET_NAME = /auth|token|secret|passw|passphrase|credential|cookie|session|api-?_?key|private/i
const SCHEME = /^(?:Basic|Bearer|Digest|Token)\s+/i

/** What probes tell the app and nobody else is to read, should the app print it. */
export interface ProbeSecrets {
  /** What a set-up has captured is taken for a secret, whatever it is called. */
  add(value: string): void
  hide(text: string): string
}

export function probeSecrets(declared: ProbeSet): ProbeSecrets {
  const { setup, probes, read, write, revoke, limit } = declared
  const values = new Set<string>()
  const add = (value: string) => {
    if (value.length >= SHORTEST) values.add(value)
  }
  for (const probe of [...setup, ...probes, read, write, revoke, limit]) {
    if (probe) for (const value of secretsIn(probe)) add(value)
  }
  return {
    add,
    hide: (text) =>
      [...values]
        .sort((left, right) => right.length - left.length)
        .reduce((rest, value) => rest.replaceAll(value, '[redacted]'), text),
  }
}

function secretsIn({ headers = {}, body = '' }: Probe): string[] {
  const named = [...Object.entries(headers), ...fieldsOf(body)]
  return named.filter(([name]) => SECRET_NAME.test(name)).map(([, value]) => value.replace(SCHEME, ''))
}

/** The texts in a body of JSON, or of a form, by name. */
function fieldsOf(body: string): [string, string][] {
  const fields = [...body.matchAll(/"([^"\\]+)"\s*:\s*"((?:[^"\\]|\\.)*)"/g)]
  const form = fields.length === 0 ? [...body.matchAll(/([^&=\s]+)=([^&\s]+)/g)] : []
  return [...fields, ...form].map(([, name = '', value = '']) => [name, value])
}
