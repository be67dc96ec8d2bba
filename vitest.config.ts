import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests start real servers and processes; two files at a time is what two cores carry without false alarms.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // oclif writes through the console; without this nothing of it can be captured.
    disableConsoleIntercept: true,
    reporters: ['default', './scripts/closing-line-reporter.js'],
    // A forgotten `.only` must not make a run look green.
    allowOnly: false,
  },
})
