// Writes the command reference of README.md: between its two markers, what `--help` prints for each command.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeOrCheck } from './write-or-check.js'

const [start, stop] = ['<!-- commands -->', '<!-- commandsstop -->']

const readme = readFileSync('README.md', 'utf8')
const from = readme.indexOf(start)
const to = readme.indexOf(stop)
if (from < 0 || to < from) throw new Error(`README.md needs the lines ${start} and ${stop}, in this order`)

const { commands } = JSON.parse(readFileSync('oclif.manifest.json', 'utf8'))
const sections = Object.values(commands)
  .filter((command) => !command.hidden)
  .map(({ id }) => section(id.split(':')))
writeOrCheck(
  'README.md',
  `${readme.slice(0, from + start.length)}\n\n${sections.join('\n')}\n${readme.slice(to)}`,
)

function section(words) {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', COLUMNS: '80' }
  const help = execFileSync(process.execPath, ['bin/run.js', ...words, '--help'], { env, encoding: 'utf8' })
  const text = help.replace(/[ \t]+$/gm, '').trim()
  return `### \`cache ${words.join(' ')}\`\n\n\`\`\`text\n${text}\n\`\`\`\n`
}
