import { metrics } from '@opentelemetry/api'
import * as sdk from '@opentelemetry/sdk-metrics'
import { onEvent, setLogger } from '../../src/library/index.js'
import { bootTimeCache } from '../naive/boot-time-cache.js'
import { countingCache } from '../naive/counting-cache.js'
import { loggingCache } from '../naive/logging-cache.js'
import { optionalTtlCache } from '../naive/optional-ttl-cache.js'
import { until } from '../support/clients.js'
import { hazard } from './hazard.js'
import { ourCache } from './ours.js'
import { consoleLogger, overhearConsole } from './overheard.js'
import { settlesWithin, within } from './seen.js'
import { startService } from './service.js'
import type { Cache } from './subjects.js'

const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE)
const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
metrics.setGlobalMeterProvider(new sdk.MeterProvider({ readers: [reader] }))

/** What a service's metrics say, by result of the operations. */
async function exported(): Promise<{ text: string; gets: Record<string, number> }> {
  exporter.reset()
  await reader.forceFlush()
  const scopes = exporter.getMetrics().flatMap((resource) => resource.scopeMetrics)
  const found = scopes.flatMap((scope) => scope.metrics)
  const gets: Record<string, number> = {}
  for (const { descriptor, dataPoints } of found) {
    if (descriptor.name !== 'cache.operations.total') continue
    for (const { attributes, value } of dataPoints) {
      const result = String(attributes['result'])
      if (attributes['operation'] === 'get') gets[result] = (gets[result] ?? 0) + (value as number)
    }
  }
  return { text: JSON.stringify(found), gets }
}

hazard<Pick<Cache, 'get' | 'set' | 'close'>>('H34', 'decided once, when the service started', {
  ours: ourCache,
  naive: bootTimeCache,
  async demand(open, { door }) {
    await door.refuse()
    const cache = await open()
    await cache.get('warm')
    await door.open()
    const hits = await within(1500, async () => {
      await cache.set('warm', 'yes')
      return (await cache.get('warm')) === 'yes'
    })
    return {
      kept: hits,
      seen: `started without Redis, ${hits ? 'caches' : 'caches nothing'} once it is there`,
    }
  },
})

hazard<Pick<Cache, 'get' | 'close'>>('H35', 'metrics that lie', {
  ours: ourCache,
  naive: countingCache,
  async demand(open, { door, raw }) {
    const cache = await open()
    await raw.set('warm', '"yes"')
    await until('the cache to be up', async () => (await cache.get('warm')) === 'yes')
    const before = (await exported()).gets
    for (let i = 0; i < 50; i++) await cache.get(i % 2 === 0 ? 'warm' : 'absent')
    await door.refuse()
    for (let i = 0; i < 50; i++) await cache.get('warm')
    const after = (await exported()).gets
    const counted = (result: string) => (after[result] ?? 0) - (before[result] ?? 0)
    const all = Object.keys(after).reduce((sum, result) => sum + counted(result), 0)
    const rate = Math.round((100 * counted('hit')) / all)
    return {
      kept: all === 100 && rate <= 25,
      seen: `${all} of 100 reads counted, hit rate ${rate} % where 25 of 100 hit`,
    }
  },
})

hazard<Pick<Cache, 'set' | 'close'>>('H36', 'secrets in logs and metrics', {
  ours(url) {
    const cache = ourCache(url)
    setLogger(consoleLogger)
    const stop = onEvent((event) => console.warn(event))
    const close = async () => (await cache.close(), stop(), setLogger(null))
    return { set: (key: string, value: unknown) => cache.set(key, value), close }
  },
  naive: loggingCache,
  async demand(open, { raw, door }) {
    const { lines, stop } = overhearConsole()
    const cache = await open()
    await raw.config('SET', 'maxmemory', '1')
    for (let i = 0; i < 50; i++) await cache.set('key-canary', { token: 'value-canary' })
    const count = lines.length
    await raw.config('SET', 'requirepass', 'another')
    const turnedAway = await open(`redis://:password-canary@${door.host}:${door.port}`)
    void turnedAway.set('key-canary', { token: 'value-canary' })
    await until('the log', () => lines.length > count)
    await cache.close()
    await turnedAway.close()
    const text = lines.join('\n') + (await exported()).text
    stop()
    const leaked = ['password-canary', 'key-canary', 'value-canary'].filter((canary) => text.includes(canary))
    const seen = `${leaked.join(', ') || 'none of password, key and value'} in ${lines.length} lines`
    return { kept: leaked.length === 0, seen }
  },
})

hazard('H37', 'a process that dies of its cache, or never ends', {
  ours: (url) => startService('ours', url),
  naive: (url) => startService('naive', url),
  async demand(open, { door }) {
    await door.refuse()
    const service = await open()
    const how = await settlesWithin(5000, service.ended, 'still running after 5 s')
    const lines = service.output().split('\n').filter(Boolean)
    const reason = lines.find((line) => /^\w*Error: /.test(line))
    const said = `${lines.length} lines written for 100 operations`
    return {
      kept: how === 'exit 0' && lines.length <= 3,
      seen: [how, said, how === 'exit 0' ? '' : reason].filter(Boolean).join('; '),
    }
  },
})

hazard<Pick<Cache, 'set' | 'close'>>('H38', 'TTLs that mean something else', {
  ours: ourCache,
  naive: optionalTtlCache,
  async demand(open, { raw }) {
    const cache = await open()
    await until(
      'the cache to be up',
      async () => (await cache.set('warm', 1), (await raw.exists('warm')) === 1),
    )
    const odd: string[] = []
    for (const ttl of [undefined, 0, -1, NaN, 0.5, 300_000 * 1000]) {
      await cache.set('k', 1, ttl)
      const ms = await raw.pttl('k')
      if (ms === -1) odd.push(`${ttl}: for ever`)
      else if (ms === -2) odd.push(`${ttl}: not stored`)
      else if (ms > 604_800_000) odd.push(`${ttl}: ${Math.round(ms / 86_400_000 / 365)} years`)
      await raw.del('k')
    }
    return { kept: odd.length === 0, seen: odd.join(', ') || 'each within 1 s and 7 days' }
  },
})
