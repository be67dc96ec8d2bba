import { Flags } from '@oclif/core'
import { ARRIVALS, MOST_RATE, MOST_REPEATS } from '../ops/config/load-test.js'
import { appFlags } from './app-flags.js'
import { durationFlag } from './duration-flag.js'
import { loadNarrowingFlags } from './narrowing-flags.js'
import { recordFlag } from './record-flag.js'
import { runningFlags } from './running-flags.js'
import { subjectFlags } from './subject-flags.js'

const phase = (summary: string) => durationFlag({ summary, minMs: 500, maxMs: 600_000 })

const { 'own-servers': _servers, env: _env, confirm: _confirm, ...startedAppFlags } = appFlags

/** What is put under load. */
const surfaceFlags = {
  ...subjectFlags,
  ...startedAppFlags,
  url: Flags.string({
    summary: 'App on this machine that runs already; with a fault, behind cache proxy.',
    helpValue: 'URL',
    helpGroup: 'APP',
    exclusive: ['subject', 'module', 'ready', 'with', 'redis-variable', 'backend'],
  }),
  proxy: runningFlags.proxy,
}

/** What is asked of it, and what is taken away meanwhile. */
const trafficFlags = {
  fault: Flags.string({ summary: 'What happens to Redis in the middle (default: none).', helpValue: 'NAME' }),
  rate: Flags.integer({
    summary: 'Operations per second (default: 200, of an app 50).',
    min: 1,
    max: MOST_RATE,
  }),
  arrivals: Flags.string({
    summary: 'How they are spread (default: constant); ramp rises through before.',
    options: [...ARRIVALS],
  }),
  before: phase('Load before the fault (default: 5s).'),
  during: phase('How long the fault lasts (default: 10s).'),
  after: phase('Load after the fault (default: 10s).'),
  transition: durationFlag({
    summary: 'How long things may change after fault and heal (default: 2s).',
    minMs: 250,
    maxMs: 60_000,
  }),
  seed: Flags.integer({ summary: 'Decides the traffic (default: 1).', min: 0, max: 2 ** 31 }),
  'abort-if': Flags.string({
    summary: "What ends the run at once, such as 'errors > 2% for 3s'; may be repeated.",
    helpValue: 'CONDITION',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

/** By what it is judged, and where it is kept. */
const judgingFlags = {
  slo: Flags.string({
    summary: 'A promise, such as during.p99<250ms; may be repeated.',
    helpValue: 'EXPR',
    helpGroup: 'JUDGING',
    multiple: true,
    multipleNonGreedy: true,
  }),
  baseline: Flags.string({
    summary: 'JSON report of an earlier run, which this one must not be worse than.',
    helpValue: 'FILE',
    helpGroup: 'JUDGING',
  }),
  allow: Flags.string({
    summary: 'How much worse it may be, whichever is more (default: 1.3x,5ms).',
    helpValue: 'FACTOR,TIME',
    helpGroup: 'JUDGING',
  }),
  repeat: Flags.integer({
    summary: 'Run it so often, each time afresh (default: 1).',
    helpValue: 'N',
    helpGroup: 'JUDGING',
    min: 1,
    max: MOST_REPEATS,
  }),
  quorum: Flags.integer({
    summary: 'In how many of the runs an SLO must hold (default: more than half).',
    helpValue: 'N',
    helpGroup: 'JUDGING',
    min: 1,
    max: MOST_REPEATS,
  }),
  hgrm: Flags.string({
    summary: "Write each phase's latencies to DIR/PHASE.hgrm.",
    helpValue: 'DIR',
  }),
}

export const loadFlags = {
  ...surfaceFlags,
  ...trafficFlags,
  ...judgingFlags,
  ...loadNarrowingFlags,
  ...recordFlag,
  list: Flags.boolean({ summary: 'List faults, subjects and metrics, and run nothing.' }),
}
