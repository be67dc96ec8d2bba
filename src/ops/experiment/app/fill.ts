import type { Probe } from '../../config/probes/probe.js'

/** What `{name}` stands for. */
export type Values = Readonly<Record<string, string>>

/** The probe with every known `{name}` replaced; other braces, such as those of JSON, stay. In a path values are encoded. */
export function fill<T extends Probe>(probe: T, values: Values): T {
  const fillWith = (text: string, encode: (value: string) => string) =>
    text.replace(/\{(\w+)\}/g, (all, name: string) =>
      Object.hasOwn(values, name) ? encode(values[name] ?? '') : all,
    )
  const asIs = (value: string) => value
  const headers = Object.entries(probe.headers ?? {}).map(([name, value]) => [name, fillWith(value, asIs)])
  return {
    ...probe,
    path: fillWith(probe.path, encodeURIComponent),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: probe.body === undefined ? undefined : fillWith(probe.body, asIs),
  }
}
