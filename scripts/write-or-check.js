import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Writes a generated file; with `--check` on the command line only says, by exit code 1, when it is out of date. */
export function writeOrCheck(path, content) {
  if (!process.argv.includes('--check')) {
    writeFileSync(path, content)
  } else if (!existsSync(path) || readFileSync(path, 'utf8') !== content) {
    console.error(`${path} is out of date: run \`npm run docs\` and commit it`)
    process.exitCode = 1
  }
}
