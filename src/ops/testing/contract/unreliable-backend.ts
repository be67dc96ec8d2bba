import type { RedisKeyValueClient } from '../../../library/backends/backend.js'

/** How a backend meets every call until further notice. */
export type Behaviour = 'works' | 'rejects' | 'throws' | 'hangs' | 'answers nonsense'

const NONSENSE: readonly unknown[] = [
  undefined,
  42,
  true,
  {},
  [],
  '{"half',
  Buffer.from('"bytes"'),
  Symbol('?'),
]

/** The backend, with the same abilities, but only as good as it is told to be. */
export function unreliable(inner: RedisKeyValueClient): {
  backend: RedisKeyValueClient
  become(behaviour: Behaviour): void
} {
  let behaviour: Behaviour = 'works'
  let calls = 0
  const nonsense = () => NONSENSE[calls++ % NONSENSE.length] as never

  const meet = <T>(work: () => Promise<T>): Promise<T> => {
    switch (behaviour) {
      case 'works':
        return work()
      case 'rejects':
        return Promise.reject(new Error('contract: rejected'))
      case 'throws':
        throw new Error('contract: thrown')
      case 'hangs':
        return new Promise(() => undefined)
      case 'answers nonsense':
        // Not even a promise, every other time.
        return calls % 2 === 0 ? nonsense() : Promise.resolve<T>(nonsense())
    }
  }
  return {
    become: (next) => void (behaviour = next),
    backend: {
      get: (key) => meet(() => inner.get(key)),
      set: (key, value, ttlSeconds) => meet(() => inner.set(key, value, ttlSeconds)),
      del: (key) => meet(() => inner.del(key)),
      ...(inner.ping && { ping: () => meet(() => inner.ping!()) }),
      ...(inner.eval && { eval: (script, keys, args) => meet(() => inner.eval!(script, keys, args)) }),
      ...(inner.serverNow && {
        serverNow: () => (behaviour === 'answers nonsense' ? nonsense() : inner.serverNow!()),
      }),
      ...(inner.connection && { connection: () => inner.connection!() }),
      ...(inner.onReady && { onReady: (listener) => inner.onReady!(listener) }),
      ...(inner.started && { started: inner.started }),
    },
  }
}
