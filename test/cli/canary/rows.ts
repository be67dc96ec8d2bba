import { join } from 'node:path'
import type { Place } from './place.js'
import { SECRETS } from './secrets.js'

/** How a command is put to the test. */
export interface Row {
  /** Its command lines, with secrets in their way. `{n}` is a number of their own, `{undo}` the file of a purge. */
  lines(place: Place): string[][]
  /** It asks the cache's server, so its lines run with each kind of server. */
  asks?: true
  /** It reads the project file, and says what is wrong in one. */
  configured?: true
  /** What it cannot do without, where a flag of it is wrong. */
  needs?: string[]
  /** It runs until it is told to stop. */
  stays?: true
  /** Before it does, it asks the cache's server. */
  asksFirst?: true
}

const BRIEF = ['--before', '500ms', '--during', '500ms', '--after', '500ms', '--rate', '20']

/** Lines that run somebody's own code, or ask a server of somebody's own: with the code that they end with. */
export function foreignLines({ files }: Place, port: number, proxy: string): [string[], number][] {
  const drill = ['simulate-outage', '--drill', 'refused']
  const brief = [...drill, ...BRIEF]
  // A shorter drill of an app is refused before anything is started.
  const second = [...drill, '--before', '1s', '--during', '1s', '--after', '1s', '--rate', '100']
  const probed = ['--ready', `http://127.0.0.1:${port}/`, '--ready-within', '5s', '--probe', 'GET /']
  const app = ['--', process.execPath, files.app, `--password=${SECRETS.flag}`]
  return [
    [[...brief, '--module', `${files.module}#making`], 2],
    [[...brief, '--module', `${files.module}#failing`], 2],
    [[...second, ...probed, ...app], 3],
    [[...second, ...probed, '--probes', files.badYaml, ...app], 2],
    [['simulate-outage', '--scenario', files.badYaml], 2],
    [['load-test', 'compare', files.badLoadTest, files.loadTest], 2],
    [['load-test', 'merge', files.loadTest, files.badLoadTest], 2],
    [['report', 'show', files.badRecord], 2],
    [['report', 'compare', files.record, files.badRecord], 2],
    [[...second, '--url', 'http://127.0.0.1:1', '--proxy', proxy, '--probe', 'GET /'], 3],
  ]
}

/** By the ids of oclif.manifest.json. */
export const ROWS: Record<string, Row> = {
  audit: {
    lines: ({ files, written }) => [
      // The one that asks comes first: it stands for all where a server hangs.
      ['audit', files.source, '--keys', '--live'],
      ['audit', files.source],
      ['audit', files.source, '--fix-dry-run'],
      ['audit', files.source, '--why', `${files.source}:2`],
      ['audit', files.source, '--baseline', join(written, '{n}.baseline.json'), '--update-baseline'],
    ],
    asks: true,
    configured: true,
  },
  completion: { lines: () => [['completion', 'bash']], needs: ['bash'] },
  'config:init': { lines: () => [['config', 'init', '--print']] },
  'config:show': {
    lines: () => [
      ['config', 'show'],
      ['config', 'show', '--origin', '--env', 'staging'],
    ],
    configured: true,
  },
  doctor: {
    lines: ({ files }) => [
      ['doctor', '--probe-writes', '--timeout', '3s'],
      ['doctor', '--env', 'staging', '--only', 'CON-001,SUP-001', '--timeout', '1s'],
      ['doctor', '--baseline', files.baseline],
    ],
    asks: true,
    configured: true,
  },
  explain: {
    lines: () => [
      ['explain', 'CON-001'],
      ['explain', '--list'],
    ],
  },
  keys: {
    lines: () => [
      ['keys', '--fail-on', 'orphans,no-ttl'],
      ['keys', '--jsonl'],
    ],
    asks: true,
    configured: true,
  },
  'keys:families': { lines: () => [['keys', 'families']], configured: true },
  'keys:get': {
    lines: () => [
      ['keys', 'get', `copilot:conv:${SECRETS.id}`],
      ['keys', 'get', SECRETS.id],
    ],
    needs: [SECRETS.id],
    asks: true,
    configured: true,
  },
  'keys:purge': {
    lines: ({ files, written }) => [
      ['keys', 'purge', 'conv'],
      ['keys', 'purge', '--match', 'session:*', '--plan', join(written, '{n}.plan.json')],
      ['keys', 'purge', 'llm.policy', '--apply', '--ledger', join(written, 'ledgers')],
      ['keys', 'purge', '--apply-plan', files.plan],
      ['keys', 'purge', '--resume', files.ledger],
    ],
    needs: ['conv'],
    asks: true,
    configured: true,
  },
  'keys:restore': {
    lines: ({ files }) => [
      ['keys', 'restore', '{undo}'],
      ['keys', 'restore', files.badUndo],
    ],
    needs: ['undo.ndjson'],
    asks: true,
  },
  'load-test': { lines: () => [['load-test', '--fault', 'refused', ...BRIEF]], configured: true },
  'load-test:compare': {
    lines: ({ files }) => [['load-test', 'compare', files.loadTest, files.loadTest]],
    needs: ['a.json', 'b.json'],
  },
  'load-test:merge': {
    lines: ({ files }) => [['load-test', 'merge', files.loadTest, files.otherLoadTest]],
    needs: ['a.json', 'b.json'],
  },
  proxy: {
    lines: () => [
      ['proxy', '--to', 'redis'],
      ['proxy', '--to', 'redis', '--json'],
    ],
    needs: ['--to', 'redis'],
    configured: true,
    stays: true,
    asksFirst: true,
  },
  'report:compare': {
    lines: ({ files }) => [
      ['report', 'compare', files.record, files.record],
      ['report', 'compare', files.loadTest, files.loadTest],
    ],
    configured: true,
  },
  'report:list': { lines: () => [['report', 'list']], configured: true },
  'report:open': { lines: () => [['report', 'open', '20261129T021033Z']], configured: true },
  'report:show': {
    lines: ({ files }) => [
      ['report', 'show', files.record],
      ['report', 'show', files.loadTest],
    ],
    configured: true,
  },
  'runbook:run': { lines: ({ files }) => [['runbook', 'run', files.runbook]], needs: ['none.md'] },
  sandbox: { lines: () => [['sandbox']], stays: true },
  'simulate-outage': { lines: () => [['simulate-outage', '--drill', 'refused', ...BRIEF]], configured: true },
}
