// Is the package, as npm would publish it, what an installer needs and nothing else?
import { execFileSync } from 'node:child_process'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { readFileSync } from 'node:fs'

const wanted = [
  'LICENSE',
  'README.md',
  'bin/run.js',
  'dist/THIRD_PARTY_LICENSES.txt',
  'dist/library/index.js',
  'dist/src/cli/main.js',
  'dist/testing/index.js',
  'dist/types/library/index.d.ts',
  'dist/types/ops/testing/index.d.ts',
  'docs/cache.config.schema.json',
  'oclif.manifest.json',
  'package.json',
  'runbooks/redis-unavailable.md',
  'supabase/migrations/20261127090000_conversations.sql',
  'supabase/migrations/20261127090300_doctor.sql',
]
const allowed =
  /^(bin|dist|docs|examples|runbooks|supabase)\/|^(LICENSE|README\.md|oclif\.manifest\.json|package\.json)$/

execFileSync('npm', ['run', '--silent', 'build:types'], { stdio: 'inherit' })

// Without scripts: `prepack` would build a second time.
const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' })
const files = JSON.parse(packed)[0].files.map(({ path }) => path)

const { messages } = await publint({ level: 'warning' })
const pkg = JSON.parse(readFileSync('package.json', 'utf8'))
const problems = [
  ...wanted.filter((file) => !files.includes(file)).map((file) => `${file} is missing from the package`),
  ...files.filter((file) => !allowed.test(file)).map((file) => `${file} is in the package but should not be`),
  ...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`),
]
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
