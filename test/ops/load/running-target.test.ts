import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createKeyValueClient } from '../../../src/library/index.js'
import { parseProbe } from '../../../src/ops/config/probes/parse-probe.js'
import type { ProbeSet } from '../../../src/ops/config/probes/probe.js'
import { proxyClient, type ProxyClient } from '../../../src/ops/experiment/remote/proxy-client.js'
import { faults } from '../../../src/ops/faults/index.js'
import { none } from '../../../src/ops/load/none.js'
import { checkRunningTarget, openRunningTarget } from '../../../src/ops/load/running-target.js'
import { openProxy, type Proxy } from '../../../src/ops/proxy/open-proxy.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { httpApp } from './http-app.js'

let sandbox: Sandbox
let opened: Proxy
let proxy: ProxyClient

beforeAll(async () => {
  sandbox = await startSandbox()
  opened = await openProxy({ to: 'redis', url: sandbox.redis.url })
  proxy = await proxyClient(opened.control.url, opened.control.tokenFile)
})
afterAll(async () => {
  await opened.stop()
  await sandbox.stop()
})

const faultNamed = (name: string) => faults.find((each) => each.name === name)!
const declared: ProbeSet = { setup: [], probes: [parseProbe('GET /')] }

async function targetOf(
  origin: string,
  fault = none,
  more: Partial<ProbeSet> = {},
  through: ProxyClient | null = null,
) {
  const target = await openRunningTarget({
    running: { url: new URL(origin), declared: { ...declared, ...more }, proxy: through },
    fault,
  })
  onTestFinished(() => target.close())
  return target
}

test('what its set-up captured is in what the worker will ask', async () => {
  const { origin } = await httpApp((request, response) => {
    if (request.method === 'POST') return void response.end('{"token":"t-12345"}')
    response.writeHead(request.headers.authorization === 'Bearer t-12345' ? 200 : 401).end()
  })
  const target = await targetOf(origin, none, {
    setup: [{ ...parseProbe('POST /login'), capture: { token: { json: 'token' } } }],
    probes: [{ ...parseProbe('GET /'), headers: { authorization: 'Bearer {token}' } }],
  })
  expect(target.problem).toBeUndefined()
  expect(target.surface).toMatchObject({
    type: 'http',
    origin,
    endpoints: [{ probe: { headers: { authorization: 'Bearer t-12345' } }, weight: 1 }],
  })
  expect(target).toMatchObject({ hitsUnseen: true, loadsUnseen: true, servers: [], processes: [] })
  expect(await target.unused()).toBeNull()
  await target.disturbance.begin()
  await target.disturbance.end()
  expect(target.disturbance.witness()).toMatchObject({ witnessed: true })
})

test('its backend is taken away by the proxy, once it has come through there', async () => {
  let client: ReturnType<typeof createKeyValueClient> | undefined
  onTestFinished(() => void client?.close?.())
  const { origin } = await httpApp((request, response) => {
    const answer = (value: unknown) => response.end(String(value))
    client ??=
      request.url === '/cached' ? createKeyValueClient({ backend: 'redis', url: opened.url }) : undefined
    if (client) void client.get('copilot:conv:1').then(answer, answer)
    else response.end()
  })
  const target = await targetOf(origin, faultNamed('refused'), {}, proxy)
  expect(await target.unused()).toMatch(/never connected to its backend through the proxy/)
  await fetch(`${origin}/cached`)
  expect(await target.unused()).toBeNull()
  await target.disturbance.begin()
  expect((await proxy.status()).fault).toMatchObject({ name: 'refused' })
  await fetch(`${origin}/cached`)
  await target.disturbance.end()
  expect((await proxy.status()).fault).toBeNull()

  await target.disturbance.begin()
  await proxy.open()
  expect(await target.servers[0]?.died).toBe('somebody lifted the fault at the proxy before its time')
  expect(target.serverLost?.('it ended')).toMatchObject({ code: 'PROXY_LOST' })
})

test('an app that does not answer is a problem; what makes no sense is refused', async () => {
  const app = await httpApp((_, response) => response.end())
  await app.close()
  expect((await targetOf(app.origin)).problem).toMatchObject({ reason: 'unprepared' })

  const refusal = (url: string, fault = none, probes = declared.probes) => {
    try {
      return checkRunningTarget({ url: new URL(url), declared: { ...declared, probes }, proxy: null }, fault)
    } catch (error) {
      return error
    }
  }
  expect(refusal(app.origin)).toBeUndefined()
  expect(refusal(app.origin, faultNamed('stall'))).toMatchObject({ code: 'NO_PROXY' })
  expect(refusal('http://192.0.2.1')).toMatchObject({ code: 'NOT_LOOPBACK' })
  expect(refusal('http://user:pw@127.0.0.1')).toMatchObject({ code: 'BAD_URL' })
  expect(refusal(app.origin, none, [])).toMatchObject({ code: 'NO_PROBE' })
  const running = { url: new URL(app.origin), declared, proxy }
  const narrow = () => checkRunningTarget(running, faultNamed('stall'), { only: undefined, family: 'conv' })
  expect(narrow).toThrow(/^--family narrows a fault of a door of our own/)
  await expect(targetOf(app.origin, faultNamed('sigkill'), {}, proxy)).rejects.toMatchObject({
    code: 'DOES_NOT_FIT',
  })
})
