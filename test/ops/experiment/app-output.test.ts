import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { watchOutput, type AppOutput } from '../../../src/ops/experiment/app/output.js'
import { probeSecrets } from '../../../src/ops/experiment/app/probe-secrets.js'

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.c3ViamVjdDo0Mg.4f1QzXk2'
/** As much of it as nobody may read at either end of what was cut. */
const PARTS = [TOKEN.slice(0, 6), TOKEN.slice(-6)]

/** What is kept of that output, of which the token was captured only afterwards. */
async function printed(...chunks: (string | Buffer | ((output: AppOutput) => void))[]): Promise<AppOutput> {
  const secrets = probeSecrets({ setup: [], probes: [] })
  const stream = new PassThrough()
  const output = watchOutput([stream], () => 5, secrets)
  for (const chunk of chunks) {
    if (typeof chunk === 'function') chunk(output)
    else await new Promise((resolve) => stream.write(chunk, resolve))
  }
  stream.end()
  await new Promise((resolve) => stream.once('close', resolve))
  secrets.add(TOKEN, 'token')
  return output
}

const shownIn = (output: AppOutput) =>
  [...output.signals().map(({ text }) => text), ...output.lastLines()].join('\n')

test('a token far behind what is shown of a line is seen', async () => {
  const output = await printed(`${JSON.stringify({ message: 'x'.repeat(5000), token: TOKEN })}\n`)
  expect(output.secretsTold()).toEqual({ lines: 1, firstMs: 5 })
  expect(output.signals()[0]?.text).toHaveLength(200)
})

test('of a token at the edge of what is shown nothing is left', async () => {
  for (let before = 150; before <= 200; before += 1) {
    const output = await printed(`${'x'.repeat(before)}${TOKEN} and more\n`)
    expect(output.secretsTold().lines).toBe(1)
    for (const part of PARTS) expect(shownIn(output)).not.toContain(part)
  }
})

test('of a token that is cut where a line is no longer kept nothing is left', async () => {
  // Hidden, the first ones make room for what the bound has cut.
  const many = TOKEN.repeat(Math.floor((16 * 1024) / TOKEN.length) - 1)
  const secrets = probeSecrets({ setup: [], probes: [] })
  const long = `${'Az09'.repeat(4090)}${'x'.repeat(8)}`
  secrets.add(long, 'token')
  const stream = new PassThrough()
  const output = watchOutput([stream], () => 5, secrets)
  stream.end(`${long}${TOKEN}\nfirst ${long}\n${many}\n`)
  await new Promise((resolve) => stream.resume().once('close', resolve))
  secrets.add(TOKEN, 'token')
  expect(output.signals()[0]?.text).toBe('[redacted][redacted]')
  expect(output.signals()[1]?.text).toBe('first [redacted]')
})

test('an escape in a token or before it does not save it', async () => {
  const coloured = `${TOKEN.slice(0, 20)}\u001b[31m${TOKEN.slice(20)}`
  const output = await printed(`${coloured}\n\u001b${TOKEN}\n\u001b]0;${TOKEN}\u0007title\n`)
  expect(output.secretsTold().lines).toBe(3)
  for (const part of PARTS) expect(shownIn(output)).not.toContain(part)
})

test('of a flood the last lines show no part of a token that the flood has cut', async () => {
  const flood = 'line\n'.repeat(500)
  for (let cut = 6; cut < TOKEN.length; cut += 1) {
    const end = `${TOKEN.slice(cut - 6)}${'x'.repeat(16 * 1024 - TOKEN.length + cut)}`
    const output = await printed(flood, `${TOKEN}${end.slice(TOKEN.length)}`, TOKEN.slice(0, cut))
    for (const part of PARTS) expect(shownIn(output)).not.toContain(part)
  }
})

test('a line that a flood ends with is whole where there is room again', async () => {
  const output = await printed(
    'line\n'.repeat(200),
    `more\nthe token is ${TOKEN.slice(0, 9)}`,
    (seen) => seen.renew(),
    `${TOKEN.slice(9)} for you\n`,
  )
  expect(output.secretsTold().lines).toBe(1)
  expect(output.signals().at(-1)?.text).toBe('the token is [redacted] for you')
})

test('what is read does not depend on how it came', async () => {
  const text = Buffer.from(`first é ${TOKEN}\n\n${'ü'.repeat(12_000)}\nlast ${TOKEN}`)
  const whole = await printed(text)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 8 }), async (cuts) => {
      const ends = [...cuts.toSorted((a, b) => a - b), text.length]
      const chunks = ends.map((end, index) => text.subarray(ends[index - 1] ?? 0, end))
      const output = await printed(...chunks.filter(({ length }) => length > 0))
      expect(output.signals()).toEqual(whole.signals())
      expect(output.secretsTold()).toEqual({ lines: 2, firstMs: 5 })
    }),
    { numRuns: 100 },
  )
})

test('memory is bounded, however long a line is', async () => {
  const output = await printed(...Array.from({ length: 100 }, () => 'x'.repeat(60_000)), `${TOKEN}\nnext\n`)
  expect(output.signals().map(({ text }) => text?.length)).toEqual([200, 4])
})
