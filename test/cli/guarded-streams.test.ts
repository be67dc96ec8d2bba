import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { guardStreams, unguarded } from '../../src/cli/guarded-streams.js'
import { createRedactor } from '../../src/cli/redactor.js'

test('what others write leaves its secrets behind, as text and as bytes; what we write went through the sink', () => {
  const pipe = new PassThrough()
  const stream = pipe as unknown as NodeJS.WriteStream
  guardStreams(createRedactor({ REDIS_PASSWORD: 'tr0ub4dor' }), [stream])
  stream.write('text tr0ub4dor\n')
  stream.write(Buffer.from('bytes tr0ub4dor\n'))
  stream.write(Buffer.from([0xff, 0x0a]))
  unguarded(stream).write('ours tr0ub4dor\n')
  const written = pipe.read() as Buffer
  expect(written.toString('latin1')).toBe('text [redacted]\nbytes [redacted]\n\u00ff\nours tr0ub4dor\n')
})
