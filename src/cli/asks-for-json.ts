/** Whether a command line asks for JSON, and which, also when nothing else of it can be understood. */
export function asksForJson(argv: readonly string[]): 'json' | 'jsonl' | null {
  const end = argv.indexOf('--')
  const own = end === -1 ? argv : argv.slice(0, end)
  if (own.includes('--jsonl')) return 'jsonl'
  const isJson = own.some(
    (word, index) =>
      word === '--json' || word === '--reporter=json' || (word === '--reporter' && own[index + 1] === 'json'),
  )
  return isJson ? 'json' : null
}
