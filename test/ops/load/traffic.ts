import type { Traffic } from '../../../src/ops/load/generator/traffic.js'

/** A little of everything, 200 times a second. */
export function traffic(more: Partial<Traffic> = {}): Traffic {
  return {
    seed: 1,
    ratePerSecond: 200,
    arrivals: 'constant',
    beforeMs: more.beforeMs ?? 500,
    families: [
      {
        id: 'conv',
        pattern: 'copilot:conv:{conversationId}',
        weight: 1,
        keys: 20,
        skew: 0.99,
        mix: { read: 90, put: 5, invalidate: 5 },
        bytes: [200],
        ttlSeconds: 60,
      },
    ],
    limiter: null,
    source: { latencyMs: 2, connections: 50 },
    ...more,
  }
}
