import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { contextOf } from '../../../src/ops/audit/context.js'
import { openProject } from '../../../src/ops/audit/project/project.js'

const directory = mkdtempSync(join(tmpdir(), 'cache-handling-'))
afterAll(() => rmSync(directory, { recursive: true }))

const CASES: Record<string, { code: string; guarded: string[][] }> = {
  try: { code: 'try { await redis.get(k) } catch {}', guarded: [['get']] },
  finally: { code: 'try { await redis.get(k) } finally { done() }', guarded: [] },
  inCatch: { code: 'try { done() } catch { await redis.get(k) }', guarded: [[]] },
  nested: {
    code: 'try { try { await redis.get(k) } catch {} ; await redis.del(k) } catch {}',
    guarded: [['del'], ['get']],
  },
  rethrown: {
    code: 'try { try { await redis.get(k) } catch (e) { throw e } } catch {}',
    guarded: [['get'], ['get']],
  },
  rejection: { code: 'redis.get(k).catch(() => null)', guarded: [['get']] },
  second: { code: 'redis.get(k).then((v: unknown) => v, () => null)', guarded: [['get']] },
  handledWithin: { code: 'try { await redis.get(k).catch(() => null) } catch {}', guarded: [['get'], []] },
  callback: {
    code: 'try { await Promise.all([k].map((each) => redis.get(each))) } catch {}',
    guarded: [['get']],
  },
  timer: { code: 'try { setTimeout(() => redis.get(k), 5) } catch {}', guarded: [[]] },
  notCalled: { code: 'try { const later = () => redis.get(k); keep(later) } catch {}', guarded: [[]] },
  connecting: { code: 'try { await redis.connect() } catch {}', guarded: [['connect']] },
  closing: { code: 'try { await redis.quit() } catch {}', guarded: [[]] },
  through: { code: 'try { await read(k) } catch {}', guarded: [['get']] },
  throughHandled: { code: 'try { await readSafely(k) } catch {}', guarded: [[]] },
}

const HEAD = `import Redis from 'ioredis'
const redis = new Redis()
declare function done(): void
declare function keep(f: unknown): void
async function read(k: string) { return JSON.parse((await redis.get(k)) ?? '') }
async function readSafely(k: string) { return redis.get(k).catch(() => null) }
`

for (const [name, { code }] of Object.entries(CASES))
  writeFileSync(join(directory, `${name}.ts`), `${HEAD}export async function f(k: string) {\n${code}\n}\n`)
const project = openProject(['.'], directory)
const { handling } = contextOf(project)

test.each(Object.keys(CASES))('%s', (name) => {
  const file = project.sources.find(({ fileName }) => fileName.endsWith(`/${name}.ts`))!
  const start = file.text.indexOf('export async function f')
  const handlers = handling.in(file).filter(({ node }) => node.getStart() > start)
  const guarded = handlers.map((each) => [
    ...new Set(
      handling.guardedBy(each).map(({ call }) => /(\w+)\(/.exec(call.getText().replace('redis.', ''))![1]!),
    ),
  ])
  expect(guarded.map(String).toSorted()).toEqual(CASES[name]!.guarded.map(String).toSorted())
})
