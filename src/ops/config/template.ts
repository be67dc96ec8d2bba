import { RECORDS } from './records.js'
import { leaves, type Leaf } from './schema-tree.js'

/** Where an installed package has it; editors read the key as well. */
export const SCHEMA_PATH = './node_modules/transparent-cache/docs/cache.config.schema.json'

/** What is written where there is no default, or names are the user's own. */
const EXAMPLES: Record<string, string> = {
  'outage.budgets.p99': '250ms',
  'outage.budgets.worst': '1s',
  'outage.budgets.detect': '2s',
  'outage.budgets.recover': '5s',
  'outage.budgets.stale': '1s',
  'outage.budgets.loadsPerRead': '1',
  'outage.budgets.peakLoadsPerRead': '2',
  'outage.budgets.inFlight': '2s',
  'outage.budgets.memoryGrowth': '64',
  'outage.budgets.socketGrowth': '4',
  'outage.budgets.printedBytesPerOperation': '256',
  'outage.budgets.commandsPerOperation': '3',
  'outage.budgets.hitRatioShare': '0.9',
  'doctor.client.library': 'ioredis@6',
  'doctor.client.callsPerRequest': '3',
  'doctor.hitRatio': '0.92',
  'doctor.upstash.commandsPerDay': '200000',
  'doctor.upstash.commandsPerMonth': '500000',
  'audit.maxWarnings': '0',
  'audit.baseline': 'cache-audit-baseline.json',
  'audit.ignore': '["legacy/**"]',
  'audit.overrides': '[{ paths: ["scripts/**"], rules: { R9: "off" } }]',
  'audit.sanctioned': '[MemorySessions]',
  'load.slo': '["during.errors == 0"]',
  'load.baseline': 'load-baseline.json',
  'load.quorum': '1',
  'records.directory': RECORDS,
}

/** Before the settings of each part. */
const TITLES: Record<string, string> = {
  outage: 'cache simulate-outage',
  'outage.budgets': 'What drills are judged against, where you promise something else; docs/clauses has why.',
  audit: 'cache audit',
  load: 'cache load-test',
  'load.traffic': 'Of what the traffic on a cache is made; docs/load-test.md has more.',
  'load.traffic.limiter': 'Questions to limiters, where the subject has some.',
  'load.traffic.source': 'The source of truth behind the cache.',
  doctor: 'cache doctor',
  records: 'What a run leaves behind; cache report reads it.',
  'doctor.upstash': 'What your plan includes.',
  'doctor.client': "The application's own client, and the options it is made with.",
}

const HEAD = `# Settings of cache. A flag, and then a CACHE_* variable, wins over this file: cache config show --origin.
# All below is the default or an example: take the # away from what you change, and from the lines above it.
$schema: ${SCHEMA_PATH}

# Places that Redis runs in. A host that is in none of them counts as production: what would change or break
# it wants its name typed. No secret belongs in here: variables names those in which they are.
#environments:
#  staging:
#    hosts: [redis-staging:6379]
#    production: false
#    variables: { REDIS_URL: STAGING_REDIS_URL }

# Kinds of key that you have besides those of the library: how they are spelt, and seconds that they live. What else can
# be said of them is in docs/configuration.md; cache keys families lists all.
#families:
#  session: { pattern: "app:session:{userId}", ttl: 900, type: hash, authorisation: true }

# Your limiters, and what each does while Redis is away: allow or deny.
#limiters:
#  login: { limit: 10, windowMs: 60000, onUnavailable: deny }
`

const OF_RECORDS: Record<string, string> = {
  'load.traffic':
    '#    families:\n' +
    '#      conv: { weight: 5, keys: 500, skew: 0.99, mix: { read: 90, put: 5, invalidate: 5 }, bytes: [200, 1000, 4000], ttl: 60 }\n',
  'doctor.client': '#    options: { commandTimeout: 100, enableOfflineQueue: false }\n',
  doctor: '#  thresholds:\n#    LAT-001: { warn: 5, fail: 50 } # By the id of a check, in its unit.\n',
}

/** A project file with every setting in it, all of them comments. */
export function template(): string {
  return `${HEAD}${sectionsOf(leaves(), '')}`
}

/** The parts below a path, each with what is in it. */
function sectionsOf(below: readonly Leaf[], prefix: string): string {
  const depth = prefix === '' ? 0 : prefix.split('.').length
  const names = new Set(below.map(({ path }) => path.split('.')[depth]!))
  return [...names].map((name) => partOf(below, prefix === '' ? name : `${prefix}.${name}`, depth)).join('')
}

function partOf(below: readonly Leaf[], path: string, depth: number): string {
  const indent = '  '.repeat(depth)
  const leaf = below.find((each) => each.path === path)
  const name = path.split('.').at(-1)!
  if (leaf) return `#${indent}${name}: ${EXAMPLES[path] ?? String(leaf.usual)} # ${leaf.description}\n`
  const title = TITLES[path] ?? name
  const head = depth === 0 ? `\n# ${title}\n#${name}:\n` : `#${indent}${name}: # ${title}\n`
  const inside = below.filter((each) => each.path.startsWith(`${path}.`))
  return `${head}${sectionsOf(inside, path)}${OF_RECORDS[path] ?? ''}`
}
