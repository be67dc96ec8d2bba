// What the worker of a load test is given in place of somebody's cache: answers with a delay that is known, or from Redis over
// many connections without a layer in between.
import { writeFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { createDelay, type Delay } from './load/delay.js'

const VALUE = { key: 'known', version: 1 }
const CONNECTIONS = 50

const ofDelay = (kind: Delay) => () => {
  const delay = createDelay(kind)
  return {
    get: () => (kind === 'none' ? Promise.resolve(VALUE) : delay.wait().then(() => VALUE)),
    set: () => Promise.resolve(),
    del: () => Promise.resolve(),
    close: () => {
      const file = process.env['OWN_DELAY']
      if (file) writeFileSync(file, JSON.stringify(delay.own()))
    },
  }
}

export const none = ofDelay('none')
export const fixed = ofDelay('fixed')
export const bimodal = ofDelay('bimodal')
export const stalled = ofDelay('stalled')

/** Answers are kept as they come: what parses them is not what is measured. */
export async function connections({ redisUrl }: { redisUrl: string }) {
  const clients = Array.from({ length: CONNECTIONS }, () => new Redis(redisUrl))
  await Promise.all(clients.map((client) => client.ping()))
  let turn = 0
  const next = () => clients[turn++ % CONNECTIONS]!
  return {
    get: (key: string) => next().getBuffer(key),
    set: (key: string, value: object) => next().set(key, JSON.stringify(value)),
    del: (key: string) => next().del(key),
    close: () => clients.forEach((client) => client.disconnect()),
  }
}
