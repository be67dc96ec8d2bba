import { expect, test } from 'vitest'
import { createPassThroughRedis } from '../../src/library/index.js'
import { judge } from './judge.js'

const { judged, exempt } = judge({
  create: createPassThroughRedis,
  exempt: {
    storage: 'pass-through keeps nothing',
    scripts: 'pass-through runs no scripts',
  },
})

test('it is held to all that needs neither storage nor scripts', () => {
  expect(judged).toEqual([
    'get answers null for a key that was never set',
    'set accepts a text, with a TTL and without',
    'del of a key that is not there resolves, as often as it is called',
    'close resolves, as often as it is called',
    'after close every operation settles, and nothing is pending for ever',
    'cache: callers of one key share one load',
    "cache: a loader's error is its caller's, untouched, and is not kept",
    'cache: after close it goes on without the backend',
    'cache: over a backend that rejects it misses, loads, and never rejects',
    'cache: over a backend that throws it misses, loads, and never rejects',
    'cache: over a backend that hangs it misses, loads, and never rejects',
    'cache: over a backend that answers nonsense it misses, loads, and never rejects',
    'cache: over an object that lacks the methods it misses, loads, and never rejects',
  ])
  expect(Object.fromEntries(exempt)).toEqual({
    'pass-through keeps nothing': 51,
    'pass-through runs no scripts': 4,
  })
})
