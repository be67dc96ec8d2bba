import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { SECRETS } from './secrets.js'

/** Directories that commands run in, and files with secrets that they read. */
export interface Place {
  root: string
  /** With a project file that can be used. */
  project: string
  /** With one that cannot, each in another way. */
  broken: string[]
  /** Where commands write. */
  written: string
  /** By their names; secrets are in all of them. */
  files: Record<
    | 'baseline'
    | 'plan'
    | 'undo'
    | 'badUndo'
    | 'ledger'
    | 'runbook'
    | 'source'
    | 'module'
    | 'app'
    | 'badYaml'
    | 'proxyToken'
    | 'loadTest'
    | 'otherLoadTest'
    | 'badLoadTest'
    | 'record'
    | 'badRecord',
    string
  >
  /** All files that were there before. */
  planted: readonly string[]
  remove(): void
}

const DOT_ENV = `REDIS_URL=redis://:${SECRETS.dotEnv}@localhost:1
SUPABASE_SERVICE_ROLE_KEY=${SECRETS.dotEnv}
NEXT_PUBLIC_APP_SECRET=${SECRETS.dotEnv}
SESSION_SECRET=${SECRETS.dotEnv}
`

const PROJECT = `
environments:
  staging:
    hosts: ['127.0.0.1']
    production: false
    variables: { REDIS_URL: STAGING_URL, REDIS_PASSWORD: STAGING_PASSWORD }
doctor:
  client: { library: 'ioredis@6', options: { password: '${SECRETS.file}', connectionName: '${SECRETS.token}' } }
limiters:
  login: { limit: 10, windowMs: 60000, onUnavailable: deny }
`

const BROKEN = {
  value: `outage: { seed: 'redis://:${SECRETS.file}@db:6379' }`,
  'nested-value': `doctor: { client: { library: '${SECRETS.file}' } }`,
  key: `redisPassword: ${SECRETS.file}`,
  address: `environments: { staging: { hosts: ['x'], variables: { REDIS_URL: 'redis://:${SECRETS.file}@x' } } }`,
  syntax: `outage:\n  - [ password: "${SECRETS.file}\n`,
}

const SOURCE = `
import { Redis } from 'ioredis'

const redis = new Redis('redis://default:${SECRETS.code}@cache.internal:6379', { password: '${SECRETS.code}' })

export async function profile(id: string) {
  return JSON.parse((await redis.get('user:' + id))!)
}
`

const MODULE = `
const failed = () => {
  throw new Error('connect redis://:${SECRETS.code}@cache.internal:6379 with password ${SECRETS.code}')
}
export const making = () => failed()
export const failing = () => ({ get: failed, set: failed, del: failed })
`

/** Ends before it is ready, and tells why. */
const APP = `
console.log('DATABASE_URL', process.env.DATABASE_URL)
console.error(process.env.NEXT_PUBLIC_SUPABASE_KEY, process.argv.slice(2).join(' '))
process.exit(1)
`

const RUNBOOK = `
# Canary

\`\`\`bash name=says env=REDIS_PASSWORD?,UPSTASH_REDIS_REST_TOKEN?
echo "token=$UPSTASH_REDIS_REST_TOKEN and password=$REDIS_PASSWORD"
# Expected: /never/
\`\`\`
`

const LOAD_TEST = {
  schema: 'cache.load-test/1',
  command: 'load-test',
  verdict: 'inconclusive',
  reason: `REDIS_URL=redis://:${SECRETS.saved}@cache.internal:6379 was refused`,
  subject: `redis://:${SECRETS.saved}@cache.internal:6379`,
  fault: 'refused',
  seed: 1,
  ratePerSecond: 20,
  plan: { beforeMs: 500, duringMs: 500, afterMs: 500 },
  witness: null,
  generator: { latenessP99Ms: null, limitMs: 5 },
  phases: [],
  timeline: [],
  slos: [],
  inWords: null,
  environment: { server: 'none', emulated: [] },
}

/** As somebody else may have kept it: with secrets wherever text is. */
const RECORD = {
  schema: 'cache.record/1',
  id: '20261129T021033Z-refused-3f9a2c',
  start: '2026-11-29T02:10:33.000Z',
  end: '2026-11-29T02:10:53.000Z',
  report: {
    schema: 'cache.simulate-outage/1',
    command: 'simulate-outage',
    verdict: 'fail',
    subject: `redis://:${SECRETS.saved}@cache.internal:6379`,
    seed: 1,
    ratePerSecond: 20,
    plan: { beforeMs: 500, duringMs: 500, afterMs: 500 },
    drills: [
      {
        name: 'refused',
        subject: `redis://:${SECRETS.saved}@cache.internal:6379`,
        verdict: 'fail',
        witness: { witnessed: true, evidence: `password ${SECRETS.saved} was refused`, counts: {} },
        clauses: [
          {
            id: 'C1',
            title: 'no error reaches the caller',
            result: 'fail',
            evidence: `1 of 20 threw: connect redis://:${SECRETS.saved}@cache.internal:6379`,
            numbers: {},
            finding: {
              happened: `It threw with password ${SECRETS.saved}.`,
              cause: `REDIS_URL=redis://:${SECRETS.saved}@cache.internal:6379`,
              change: `token=${SECRETS.saved}`,
            },
          },
        ],
        phases: [],
        timeToFallbackMs: null,
        timeToDetectMs: null,
        timeToRecoverMs: null,
        sourceLoadFactor: null,
      },
    ],
    summary: { passed: 0, failed: 1, inconclusive: 0, clausesNotJudged: 0 },
    environment: { server: `redis://:${SECRETS.saved}@cache.internal:6379`, emulated: [] },
  },
}

const KEPT = '.cache/records/20261129T021033Z-refused-3f9a2c.json'

export function makePlace(): Place {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'cache-canary-')))
  const planted: string[] = []
  const file = (name: string, text: string) => {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    planted.push(path)
    return path
  }
  const project = (name: string, config: string, more: Record<string, string> = {}) => {
    for (const [path, text] of Object.entries(more)) file(`${name}/${path}`, text)
    file(`${name}/package.json`, '{}')
    file(`${name}/.env`, DOT_ENV)
    return dirname(file(`${name}/cache.config.yaml`, config))
  }
  const broken = `{"password": "${SECRETS.saved}", ${SECRETS.saved}}`
  const written = join(root, 'written')
  mkdirSync(written)
  return {
    root,
    written,
    planted,
    project: project('project', PROJECT, { [KEPT]: JSON.stringify(RECORD) }),
    broken: Object.entries(BROKEN).map(([name, config]) => project(`broken-${name}`, config)),
    files: {
      baseline: file('baseline.json', `{"schema": "cache.doctor/1", "checks": [{"id": "${SECRETS.saved}"}]}`),
      plan: file('plan.json', broken),
      undo: '',
      badUndo: file('bad-undo.ndjson', `{"schema": "cache.undo/1"}\n${broken}\n`),
      ledger: dirname(file('bad-ledger/ledger.ndjson', broken)),
      runbook: file('canary.md', RUNBOOK),
      source: file('source.ts', SOURCE),
      module: file('own.mjs', MODULE),
      app: file('app.mjs', APP),
      badYaml: file('bad.yaml', `name: canary\nfaults:\n  - [ password: "${SECRETS.saved}\n`),
      loadTest: file('load-test.json', JSON.stringify(LOAD_TEST)),
      otherLoadTest: file('other-load-test.json', JSON.stringify({ ...LOAD_TEST, seed: 2 })),
      badLoadTest: file('bad-load-test.json', JSON.stringify({ ...LOAD_TEST, seed: SECRETS.saved })),
      record: file('record.json', JSON.stringify(RECORD)),
      badRecord: file('bad-record.json', JSON.stringify({ ...RECORD, start: SECRETS.saved })),
      proxyToken: file('proxy-token', `${SECRETS.file}\n`),
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}
