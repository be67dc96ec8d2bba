import assert from 'node:assert/strict'
import type { Promised } from '../check.js'
import { assertSame } from './text.js'

/** Each beside one that is easily taken for it. */
const PAIRS: Readonly<Record<string, readonly [string, string]>> = {
  'colons and slashes': ['a:b::c/d', 'a:b:c/d'],
  'an asterisk': ['a*', 'ab'],
  'a question mark': ['a?c', 'abc'],
  'square brackets': ['a[bc]d', 'abd'],
  'braces, which place a key in a cluster': ['{a}b', 'ab'],
  'per cent, which URLs decode': ['a%3Ab', 'a:b'],
  'plus, which forms decode': ['a+b', 'a b'],
  'what ends or parts a URL': ['a?b=c&d#e', 'a'],
  'a backslash and quotes': ['a\\"\'`b', 'a"\'`b'],
  'spaces, line ends and NUL': ['a \r\n\0b', 'a \r\n\0c'],
  'upper and lower case': ['Key', 'key'],
  'letters composed and not': ['\u00fc', 'u\u0308'],
  emoji: ['💥👩‍👩‍👧', '💥👩‍👩'],
  'names that every object has': ['__proto__', 'constructor'],
  '10 kB that differ at the end': [`${'k'.repeat(10_000)}1`, `${'k'.repeat(10_000)}2`],
}

export const keyChecks: readonly Promised[] = Object.entries(PAIRS).map(([what, [name, other]]) => ({
  name: `a key is taken as it is: ${what}`,
  needs: ['storage'],
  async prove(trial) {
    const client = await trial.client()
    const [key, neighbour] = [trial.key(name), trial.key(other)]
    await client.set(neighbour, 'the other', 60)
    assert.equal(await client.get(key), null, 'a key was taken for another one')
    await client.del(key)
    assertSame(await client.get(neighbour), 'the other')
    await client.set(key, 'this one', 60)
    assertSame(await client.get(key), 'this one')
    assertSame(await client.get(neighbour), 'the other')
    await client.del(key)
    assert.equal(await client.get(key), null)
    assertSame(await client.get(neighbour), 'the other')
  },
}))
