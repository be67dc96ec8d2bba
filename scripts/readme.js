// Writes what is generated of the documentation for readers: docs/commands.md, what `--help` prints for each command, and
// in README.md the examples, which are those that the tests run.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeOrCheck } from './write-or-check.js'

const { commands } = JSON.parse(readFileSync('oclif.manifest.json', 'utf8'))
const sections = Object.values(commands)
  .filter((command) => !command.hidden)
  .map(({ id }) => section(id.split(':')))
writeOrCheck(
  'docs/commands.md',
  `<!-- Generated: npm run docs -->\n\n# Every command and flag\n\n${sections.join('\n')}`,
)

const EXAMPLE = /(<!-- example (\S+) -->\n)[^]*?(<!-- example end -->)/g
writeOrCheck(
  'README.md',
  readFileSync('README.md', 'utf8').replace(
    EXAMPLE,
    (_, start, path, end) => `${start}\n\`\`\`js\n${readFileSync(path, 'utf8').trim()}\n\`\`\`\n\n${end}`,
  ),
)

function section(words) {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', COLUMNS: '80' }
  const help = execFileSync(process.execPath, ['bin/run.js', ...words, '--help'], { env, encoding: 'utf8' })
  const text = help.replace(/[ \t]+$/gm, '').trim()
  return `## \`cache ${words.join(' ')}\`\n\n\`\`\`text\n${text}\n\`\`\`\n`
}
