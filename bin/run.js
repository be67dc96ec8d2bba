#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'

const main = new URL('../dist/src/cli/main.js', import.meta.url)
const argv = process.argv.slice(2)

if (argv[0] === '--version') {
  // Answered here, because loading the CLI takes longer than everything else a version needs.
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`)
} else if (existsSync(main)) {
  const { run } = await import(main)
  run(argv, new URL('..', import.meta.url))
} else {
  process.stderr.write('Error: cache is not built: dist/ is missing.\nTry: npm run build\n')
  process.exitCode = 3
}
