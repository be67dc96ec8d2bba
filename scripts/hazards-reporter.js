/** Prints what each hazard came to, for the library and for the naive way: `npm run hazards`. */
// oxlint-disable-next-line import/no-default-export -- vitest loads a reporter by its default export
export default class HazardsReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const rows = tests.flatMap((test) => test.meta().hazard ?? [])
    rows.sort((one, other) => numberOf(one) - numberOf(other))
    for (const { id, title, ours, naive } of rows) {
      console.log(`${id.padEnd(4)} ${title}`)
      console.log(`     ours   ${word(ours)}  ${ours.seen}`)
      console.log(`     naive  ${word(naive)}  ${naive.seen}`)
    }
    const failed = tests.filter((test) => test.result().state !== 'passed')
    const errors = [
      ...failed.flatMap((test) => test.result().errors ?? []),
      ...modules.flatMap((module) => module.errors()),
      ...unhandledErrors,
    ]
    for (const error of errors) console.log(`\n${error.stack ?? error.message}`)
    const passed = tests.length - failed.length
    console.log(
      `\n${passed} hazards shown, ${failed.length} not${errors.length > failed.length ? ', and errors' : ''}`,
    )
  }
}

const numberOf = ({ id }) => Number(id.slice(1))
const word = ({ kept }) => (kept ? 'kept  ' : 'broken')
