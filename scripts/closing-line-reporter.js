import { writeSync } from 'node:fs'

/**
 * Ends a test run with `N passed, N failed` (`, N skipped` when there are), plain and alone on the last line, for the
 * machines that read it.
 *
 * What is no test but went wrong counts as failed too: a file that does not load, an error outside of any test, a run
 * without a test. Without that a run could read `0 failed` and be red.
 */
export default class ClosingLineReporter {
  #passed = 0
  #failed = 0
  #skipped = 0

  onInit() {
    // Not in onTestRunEnd: other reporters and vitest itself still print after it.
    process.once('exit', () => {
      const ran = this.#passed + this.#failed
      // Another reporter may have found something.
      if (ran === 0 || (this.#failed === 0 && process.exitCode)) this.#failed += 1
      if (this.#failed > 0) process.exitCode ||= 1
      const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : ''
      writeSync(1, `${this.#passed} passed, ${this.#failed} failed${skipped}\n`)
    })
  }

  onTestRunStart() {
    this.#passed = this.#failed = this.#skipped = 0
  }

  onTestRunEnd(modules, unhandledErrors) {
    this.#failed += unhandledErrors.length
    for (const module of modules) {
      for (const test of module.children.allTests()) this.#count(test.result().state)
      // A broken import or a failed hook: the tests below it are skipped or missing, not failed.
      for (const suite of [module, ...module.children.allSuites()])
        if (suite.errors().length > 0) this.#failed += 1
    }
  }

  #count(state) {
    if (state === 'passed') this.#passed += 1
    else if (state === 'skipped') this.#skipped += 1
    // `pending` means that the run ended before the test did.
    else this.#failed += 1
  }
}
