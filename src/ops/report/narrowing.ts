import type { NarrowingReport } from './drill-report.js'

/** Such as `30 % of GET, MGET about keys of conv`. */
export function narrowingOf({ only, family, probability }: NarrowingReport): string {
  return [
    ...(probability === undefined ? [] : [`${Number((probability * 100).toPrecision(3))} % of`]),
    only?.join(', ') ?? 'what it treats',
    ...(family === undefined ? [] : [`about keys of ${family}`]),
  ].join(' ')
}
