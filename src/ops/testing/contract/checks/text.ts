import assert from 'node:assert/strict'
import type { Promised } from '../check.js'

const TEXTS: Readonly<Record<string, string>> = {
  'the empty text': '',
  'an emoji and a family of them': '💥 👩‍👩‍👧‍👦',
  'letters with combining marks, composed and not': '\u00fc u\u0308 ñ n\u0303 \u1e69',
  'right to left, and beyond the basic plane': 'שלום العربية 𐍈 𝒜',
  'line ends, tabs and NUL': 'a\r\nb\nc\rd\te\0f',
  'what looks like a number': '12345678901234567890',
  'what looks like JSON': '{"a": 1.50, "b": [null, true] }',
  'the words null and undefined': 'null undefined',
  'what looks like a reply of Redis': '+OK\r\n$-1\r\n-ERR no\r\n',
  'what looks like base64': 'dGVzdA==',
  'spaces at both ends': '  x  ',
  '1 MiB': 'x'.repeat(1_048_576),
  '1 MiB of emoji': '💥'.repeat(262_144),
}

export const textChecks: readonly Promised[] = [
  {
    name: 'get answers null for a key that was never set',
    async prove(trial) {
      const client = await trial.client()
      assert.equal(await client.get(trial.key()), null)
    },
  },
  {
    name: 'set accepts a text, with a TTL and without',
    async prove(trial) {
      const client = await trial.client()
      await client.set(trial.key('with'), 'v', 60)
      await client.set(trial.key('without'), 'v')
    },
  },
  ...Object.entries(TEXTS).map(([what, text]): Promised => ({
    name: `what was set comes back as the same text: ${what}`,
    needs: ['storage'],
    async prove(trial) {
      const client = await trial.client()
      const key = trial.key()
      await client.set(key, text, 60)
      assertSame(await client.get(key), text)
    },
  })),
  {
    name: 'what one client has set, another reads',
    needs: ['storage'],
    async prove(trial) {
      const [writer, reader] = [await trial.client(), await trial.client()]
      const key = trial.key()
      await writer.set(key, 'v', 60)
      assertSame(await reader.get(key), 'v')
    },
  },
  {
    name: 'set replaces what was there, a longer text as well as a shorter one',
    needs: ['storage'],
    async prove(trial) {
      const client = await trial.client()
      const key = trial.key()
      for (const text of ['short', 'a much longer one', 's', '']) {
        await client.set(key, text, 60)
        assertSame(await client.get(key), text)
      }
    },
  },
]

/** Of a megabyte nobody wants to see the difference printed. */
export function assertSame(actual: unknown, expected: string): void {
  if (actual === expected) return
  const show = (value: unknown) =>
    typeof value === 'string'
      ? `${JSON.stringify(value.slice(0, 60))} (${value.length} UTF-16 units)`
      : String(value)
  assert.fail(`set ${show(expected)}, got ${show(actual)}`)
}
