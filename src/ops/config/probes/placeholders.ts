import { nearest } from '../../report/nearest.js'
import type { Probe, ProbeSet } from './probe.js'

const NAME = /\{(\w+)\}/g

/**
 * What a probe has in braces that nothing stands for: it would be sent as it is, and the app would answer to that. Only paths and
 * headers are looked at, as braces in a body may be its own.
 *
 * @returns in words, with the way out; null when there is none
 */
export function unknownPlaceholder(set: ProbeSet): { problem: string; wayOut: string } | null {
  const captured: string[] = []
  const asked: [where: string, probe: Probe, own: string[]][] = []
  for (const [index, step] of set.setup.entries()) {
    asked.push([`setup.${index}`, step, [...captured]])
    captured.push(...Object.keys(step.capture))
  }
  for (const [index, probe] of set.probes.entries()) asked.push([`probes.${index}`, probe, captured])
  for (const name of ['read', 'stranger', 'write', 'revoke', 'limit'] as const) {
    const own = name === 'limit' ? [] : name === 'write' ? ['key', 'version'] : ['key']
    const probe = set[name]
    if (probe) asked.push([name, probe, [...captured, ...own]])
  }
  for (const [where, { path, headers = {} }, known] of asked) {
    const text = [path, ...Object.values(headers)].join('\n')
    const unknown = [...text.matchAll(NAME)]
      .map(([, name = '']) => name)
      .find((name) => !known.includes(name))
    if (unknown === undefined) continue
    const meant = nearest(unknown, known)
    return {
      problem: `${where}: nothing stands for {${unknown}} there`,
      wayOut: meant
        ? `did you mean {${meant}}?`
        : `have a step of setup capture it: capture: { ${unknown}: { json: path } }`,
    }
  }
  return null
}
