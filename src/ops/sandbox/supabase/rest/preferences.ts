import { notSupported } from './rest-error.js'

export interface Preferences {
  /** What is answered; null: the client did not say. */
  return: 'minimal' | 'representation' | 'headers-only' | null
  /** Whether all rows are counted. */
  count: boolean
  /** What an insert does with a row that is there already; null: it fails. */
  resolution: 'merge' | 'ignore' | null
  /** What a column becomes that a row lacks and others have. @default 'null' */
  missing: 'null' | 'default'
}

const KNOWN = new Map<string, Partial<Preferences>>([
  ['return=minimal', { return: 'minimal' }],
  ['return=representation', { return: 'representation' }],
  ['return=headers-only', { return: 'headers-only' }],
  ['count=exact', { count: true }],
  ['resolution=merge-duplicates', { resolution: 'merge' }],
  ['resolution=ignore-duplicates', { resolution: 'ignore' }],
  ['missing=default', { missing: 'default' }],
])

/** Known to PostgREST, and with an effect that would be missed. */
const REFUSED = new Map([
  ['count', 'count=planned and count=estimated'],
  ['tx', 'tx=rollback'],
  ['handling', 'handling=strict'],
  ['max-affected', 'max-affected'],
  ['timezone', 'timezone'],
  ['params', 'params'],
])
/** Known to PostgREST, and what is done anyway. */
const USUAL = new Set(['count=none', 'tx=commit', 'handling=lenient'])

/** From the header Prefer. What nobody knows is left out of account, as HTTP wants it. */
export function readPreferences(header: string | undefined): Preferences {
  const preferences: Preferences = { return: null, count: false, resolution: null, missing: 'null' }
  for (const preference of (header ?? '').split(',').map((text) => text.trim())) {
    const [name = ''] = preference.split('=')
    const known = KNOWN.get(preference)
    const refused = USUAL.has(preference) ? undefined : REFUSED.get(name)
    if (known !== undefined) Object.assign(preferences, known)
    else if (refused !== undefined) throw notSupported(`Prefer: ${refused}`)
  }
  return preferences
}
