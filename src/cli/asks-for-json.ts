/** Whether a command line asks for JSON, also when nothing else of it can be understood. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const own = end === -1 ? argv : argv.slice(0, end)
  return own.some(
    (word, index) =>
      word === '--json' || word === '--reporter=json' || (word === '--reporter' && own[index + 1] === 'json'),
  )
}
