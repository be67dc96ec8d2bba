const FOLDER = 'test/ops/doctor/'

/**
 * Fails a run of all tests of doctor in which a check was never seen in one of the states that it tells apart, whatever
 * the tests are called. Silent when some were left out or did not pass: then nothing can be said.
 */
// oxlint-disable-next-line import/no-default-export -- vitest loads a reporter by its default export
export default class DoctorRowsReporter {
  onTestRunEnd(modules) {
    const own = new Map(modules.map((module) => [module.relativeModuleId, module]))
    const { files, needed, cannotBe } = [...own.values()].map(neededBy).find(Boolean) ?? {}
    if (!files?.every((name) => isWhole(own.get(FOLDER + name)))) return
    const seen = new Set(files.flatMap((name) => own.get(FOLDER + name).meta().doctorRows ?? []))
    const isSeen = (row) => row.split(' or ').some((each) => seen.has(each))
    const unseen = needed.filter((row) => !isSeen(row))
    tell('Never seen by a test of doctor; add a row, or say in rows-needed.ts why there is none:', unseen)
    tell('Seen by a test of doctor, and said to be impossible in rows-needed.ts:', cannotBe.filter(isSeen))
  }
}

const neededBy = (module) => module.meta().doctorRowsNeeded

function isWhole(module) {
  return module?.ok() && [...module.children.allTests()].every((test) => test.result().state === 'passed')
}

function tell(what, rows) {
  if (rows.length === 0) return
  console.error(`\n${what}\n${rows.map((row) => `  ${row}`).join('\n')}`)
  process.exitCode = 1
}
