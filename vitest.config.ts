import { defineConfig } from 'vitest/config'

/** Whole drills: they run when the rest is done, and fewer at a time. */
const DRILLS = [
  'test/ops/experiment/**/*.test.ts',
  'test/ops/outage/**/*.test.ts',
  'test/ops/load/**/*.test.ts',
  'test/soak/*.test.ts',
]
/** Those of which budgets of time decide run last, and alone. */
const TIMED = ['test/ops/experiment/drills.test.ts']

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
          exclude: DRILLS,
          // Tests start real servers and processes, and wait for them half of the time: two files leave a core idle, and
          // three are what two cores carry without false alarms.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        // One computes for a quarter of its time.
        test: {
          name: 'drills',
          include: DRILLS,
          exclude: TIMED,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'timed', include: TIMED, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
})
