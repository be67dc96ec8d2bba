import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyValueClient } from '../../src/library/index.js'
import { startSandbox, type SandboxWithUpstash } from '../../src/ops/testing/index.js'
import { judge } from './judge.js'

let sandbox: SandboxWithUpstash
beforeAll(async () => {
  sandbox = await startSandbox({ upstash: true })
})
afterAll(() => sandbox.stop())

const { exempt } = judge({
  backendType: 'upstash',
  create() {
    const { url, token } = sandbox.upstash
    return createKeyValueClient({ backend: 'upstash', url, token }, { deadlineMs: 5000 })
  },
})

test('nothing is exempt', () => {
  expect([...exempt]).toEqual([])
})
