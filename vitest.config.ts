import { defineConfig } from 'vitest/config'

/** Whole drills: they run when the rest is done, and fewer at a time. */
const DRILLS = [
  'test/ops/experiment/**/*.test.ts',
  'test/ops/outage/**/*.test.ts',
  'test/ops/load/**/*.test.ts',
  'test/soak/*.test.ts',
]
/**
 * Full suites and real applications: `npm test`, CI and `npm run proof -- suites` run them, `npm run check`, which has eight
 * minutes, does not. What they prove piece by piece is proved there by the rest.
 */
const LONG = [
  'test/migrating.test.ts',
  'test/ops/load/example-app.test.ts',
  'test/ops/outage/{example-apps,matrix,upstash}.test.ts',
  'test/soak/soak.test.ts',
]
/** Whole commands and drills that are the slowest of their kind: run wherever the long ones run, and three at a time. */
// None of doctor: whether each of its rows was seen is judged only when all its files ran.
const SLOW = [
  'test/cli/{canary,processes}.test.ts',
  'test/hazards/latency-and-load.test.ts',
  'test/house/package.test.ts',
  'test/library/stores/{conversation-store,strangers.model,tenant-stores}.test.ts',
  'test/ops/experiment/{app,ending,naive-drills,needs}.test.ts',
  'test/ops/experiment/modules/module-drills.test.ts',
  'test/ops/faults/resp/{as-real,as-real-access}.test.ts',
  'test/ops/keyspace/{command,purge/command}.test.ts',
  'test/ops/load/run-load.test.ts',
  'test/ops/outage/{command,scenario,server-drill,server-faults,stores}.test.ts',
  'test/ops/proxy/{command,running-app}.test.ts',
  'test/ops/records/command.test.ts',
  'test/ops/report/html/browser.test.ts',
  'test/ops/runbook/command.test.ts',
  'test/ops/sandbox/{broken-postgres,sandbox-command,supabase,supabase-pglite,supabase-rest}.test.ts',
]
/** Those of which budgets of time decide run last, and alone. */
const TIMED = ['test/ops/experiment/drills.test.ts']

/**
 * What starts no server and no process, and leaves nothing of its own in the process: these share their workers, as the
 * start of one costs more than most of these tests do.
 */
const SHARED = [
  'test/cli/{app-flags,audit-text,exit-codes,guarded-streams,keys-purge-text,keys-text}.test.ts',
  'test/cli/{outputs,sanitise,style,table,usage-error}.test.ts',
  'test/corpus/corpus.test.ts',
  'test/library/cache/{foreign-backend,journal,json-codec,keys.model,observations,options}.test.ts',
  'test/library/cache/single-flight.test.ts',
  'test/library/{families,resilience}/*.test.ts',
  'test/ops/audit/{baseline,fixes,generality,policy,rules}.test.ts',
  'test/ops/config/{drills-allowed,probes-file,scenario,target-guard,template}.test.ts',
  'test/ops/doctor/{catalogue,explain,in-words,patience,select,settings}.test.ts',
  'test/ops/experiment/{host-metrics,numbered,record-cache,source-of-truth,workload}.test.ts',
  'test/ops/experiment/modules/module-flags.test.ts',
  'test/ops/faults/resp/parsers.test.ts',
  'test/ops/keyspace/{get-key,parts}.test.ts',
  'test/ops/keyspace/purge/{packed-keys,plan,where}.test.ts',
  'test/ops/load/{baseline,compare*,foresee,hgrm,judge*,merge,moments,quorum,saved-report,settings,tally*}.test.ts',
  'test/ops/load/text.test.ts',
  'test/ops/load/generator/{admissions,arrivals,given,known-delays,recorder,schedule,source}.test.ts',
  'test/ops/load/generator/{traffic-keys,zipf}.test.ts',
  'test/ops/load/slo/*.test.ts',
  'test/ops/outage/{assign,budgets,clauses,compare,judge,series,starved,text}.test.ts',
  'test/ops/records/{record-of,schemas}.test.ts',
  'test/ops/report/*.test.ts',
  'test/ops/runbook/assert.test.ts',
  'test/ops/sandbox/turns.test.ts',
  'test/ops/testing/backend-contract.test.ts',
  'test/soak/judge/*.test.ts',
  'test/soak/options.test.ts',
]

/**
 * Tests start real servers and processes, and wait for them half of the time: two files leave a core idle, and three are
 * what two cores carry without false alarms.
 */
const WORKERS = { maxWorkers: 3, sequence: { groupOrder: 0 } }

/** One drill computes for a quarter of its time: six at once leave two cores what their generators need. */
const DRILLING = { maxConcurrency: 3, maxWorkers: 2, sequence: { groupOrder: 1 } }

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // oclif writes through the console; without this nothing of it can be captured.
    disableConsoleIntercept: true,
    reporters: ['default', './scripts/doctor-rows-reporter.js', './scripts/closing-line-reporter.js'],
    // A forgotten `.only` must not make a run look green.
    allowOnly: false,
    // Real servers and processes on a machine that others use: CI gives a test a second chance, a developer sees it fail.
    retry: process.env['CI'] ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['test/**/*.test.ts'],
          exclude: [...DRILLS, ...SHARED, ...SLOW, ...LONG],
          ...WORKERS,
        },
      },
      {
        extends: true,
        test: { name: 'shared', include: SHARED, isolate: false, ...WORKERS },
      },
      {
        extends: true,
        test: {
          name: 'drills',
          include: DRILLS,
          exclude: [...TIMED, ...SHARED, ...SLOW, ...LONG],
          ...DRILLING,
        },
      },
      {
        extends: true,
        test: { name: 'slow', include: SLOW, ...DRILLING },
      },
      {
        extends: true,
        test: { name: 'long', include: LONG, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: { name: 'timed', include: TIMED, maxWorkers: 1, sequence: { groupOrder: 3 } },
      },
    ],
  },
})
