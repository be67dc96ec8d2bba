import type { Traffic } from '../../../../src/ops/load/generator/traffic.js'

/** Two families, as an application has them. */
export const traffic: Traffic = {
  seed: 7,
  ratePerSecond: 500,
  arrivals: 'constant',
  beforeMs: 0,
  families: [
    {
      id: 'auth.validation',
      pattern: 'copilot:auth:validation:{userId}',
      weight: 3,
      keys: 60,
      skew: 0.99,
      mix: { read: 90, put: 0, invalidate: 10 },
      bytes: [256],
      ttlSeconds: 300,
    },
    {
      id: 'conv',
      pattern: 'copilot:conv:{conversationId}',
      weight: 1,
      keys: 40,
      skew: 0.8,
      mix: { read: 80, put: 15, invalidate: 5 },
      bytes: [512, 2048],
      ttlSeconds: null,
    },
  ],
  limiter: null,
  source: { latencyMs: 2, connections: 20 },
}
