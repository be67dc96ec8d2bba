import { defineConfig } from 'vitest/config'

/** Whole drills, judged by the clock among other things: they run when the rest is done, one file at a time. */
const DRILLS = [
  'test/ops/experiment/**/*.test.ts',
  'test/ops/outage/**/*.test.ts',
  'test/ops/load/**/*.test.ts',
  'test/soak/*.test.ts',
]

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // oclif writes through the console; without this nothing of it can be captured.
    disableConsoleIntercept: true,
    reporters: ['default', './scripts/closing-line-reporter.js'],
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
          // Tests start real servers and processes; two files at a time is what two cores carry without false alarms.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'drills', include: DRILLS, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
