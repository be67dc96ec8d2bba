// Writes what is generated of the documentation for readers: docs/commands.md, what `--help` prints for each command, and
// in README.md the examples, which are those that the tests run, and the faults, of which docs/faults/README.md has the list;
// docs/rules/README.md has the rules.
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

const { drills } = JSON.parse(run('simulate-outage', '--list', '--json'))
writeOrCheck(
  'docs/faults/README.md',
  [
    '<!-- Generated: npm run docs -->\n',
    '# Every fault\n',
    '| fault | what the victim sees |',
    '| --- | --- |',
    ...drills.map(({ name, summary }) => `| [\`${name}\`](${name}.md) | ${summary} |`),
    '',
  ].join('\n'),
)

const { pages } = JSON.parse(run('explain', '--list', '--json'))
writeOrCheck(
  'docs/rules/README.md',
  [
    '<!-- Generated: npm run docs -->\n',
    '# Every rule of `cache audit`\n',
    '| rule | what good code does |',
    '| --- | --- |',
    ...pages.filter(({ kind }) => kind === 'rule').map(({ id, title }) => `| [${id}](${id}.md) | ${title} |`),
    '',
  ].join('\n'),
)

/** @type {{ title: string, is: (drill: { protocols: string[], needs: string | null }) => boolean }[]} */
const GROUPS = [
  {
    title: 'Of the server itself, or of a clock',
    is: ({ needs }) => /^(server|standby|pause|clock)$/.test(needs ?? ''),
  },
  { title: 'Of the REST API of Upstash', is: ({ protocols }) => protocols.join() === 'rest' },
  { title: 'Of Supabase', is: ({ protocols }) => protocols.join() === 'postgrest' },
  { title: 'Of the path, to Redis and to Upstash', is: ({ protocols }) => protocols.includes('rest') },
  { title: 'Of Redis', is: () => true },
]
const inGroup = (index) => drills.filter((drill) => GROUPS.findIndex(({ is }) => is(drill)) === index)
const groups = GROUPS.map(({ title }, index) => {
  const names = inGroup(index).map(({ name }) => `\`${name}\``)
  return `- ${title}: ${names.join(', ')}`
})

const EXAMPLE = /(<!-- example (\S+) -->\n)[^]*?(<!-- example end -->)/g
const FAULTS = /(<!-- faults -->\n)[^]*?(<!-- faults end -->)/
writeOrCheck(
  'README.md',
  readFileSync('README.md', 'utf8')
    .replace(
      EXAMPLE,
      (_, start, path, end) => `${start}\n\`\`\`js\n${readFileSync(path, 'utf8').trim()}\n\`\`\`\n\n${end}`,
    )
    .replace(FAULTS, (_, start, end) => `${start}\n${groups.toReversed().join('\n')}\n\n${end}`),
)

function run(...words) {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', COLUMNS: '80' }
  return execFileSync(process.execPath, ['bin/run.js', ...words], { env, encoding: 'utf8' })
}

function section(words) {
  const help = run(...words, '--help')
  const text = help.replace(/[ \t]+$/gm, '').trim()
  return `## \`cache ${words.join(' ')}\`\n\n\`\`\`text\n${text}\n\`\`\`\n`
}
