import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { appVariables } from './app-variables.js'
import type { Settings } from './schema.js'

const SECRETS = new Set(appVariables.filter(({ kind }) => kind === 'secret').map(({ name }) => name))
/** What the redactor knows a secret by. */
const SOUNDS_SECRET = /(?:TOKEN|SECRET|PASSWORD|_KEY)$/i

type Variables = Record<string, string | undefined>

/**
 * The variables of one of the project file's environments; without a name, those that are there. Addresses and secrets are those that it names in
 * `variables`, and no others: a password of one place must not reach another.
 *
 * @throws UsageError for a name that is not declared, an environment without variables, one of which is not set or hides
 * that it is a secret, or a server that is not among its hosts
 */
export function environmentNamed(
  name: string | undefined,
  { env, environments }: { env: Variables; environments: Settings['environments'] },
): Variables {
  if (name === undefined) return env
  const found = Object.hasOwn(environments, name) ? environments[name] : undefined
  if (!found) {
    const known = Object.keys(environments)
    const meant = nearest(name, known)
    throw new UsageError(
      'UNKNOWN_ENVIRONMENT',
      `There is no environment ${JSON.stringify(name.slice(0, 100))}.`,
      [
        meant
          ? `--env ${meant}`
          : known.length > 0
            ? `one of ${known.join(', ')}`
            : 'declare it under environments',
      ],
    )
  }
  if (!found.variables) {
    throw new UsageError('NO_VARIABLES', `environments.${name} does not say where its settings are.`, [
      `environments.${name}.variables, such as REDIS_URL: ${name.toUpperCase().replace(/\W/g, '_')}_REDIS_URL`,
    ])
  }
  const own = { ...env }
  for (const { name: variable, kind } of appVariables) if (kind !== 'word') delete own[variable]
  for (const [variable, source] of Object.entries(found.variables)) {
    if (!env[source]) {
      throw new UsageError('VARIABLE_NOT_SET', `${source}, which is ${variable} of ${name}, is not set.`, [
        `export ${source}, or correct environments.${name}.variables`,
      ])
    }
    if (SECRETS.has(variable) && !SOUNDS_SECRET.test(source)) {
      throw new UsageError(
        'NAME_OF_SECRET',
        `${source} is ${variable} of ${name}, and nothing in its name says so: it could not be kept out of the output.`,
        [`call it ${source}_${variable.split('_').at(-1)}`],
      )
    }
    own[variable] = env[source]
  }
  requireHost(name, found.hosts, own['REDIS_URL'])
  return own
}

/** What is called staging must not be production by a slip in a variable. */
function requireHost(name: string, hosts: readonly string[], url: string | undefined): void {
  if (url === undefined || !URL.canParse(url)) return
  const { hostname, port } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (hosts.includes(host) || hosts.includes(`${host}:${port || 6379}`)) return
  throw new UsageError(
    'FOREIGN_HOST',
    `REDIS_URL of ${name} points to ${host}:${port || 6379}, which is not among environments.${name}.hosts.`,
    ['correct the variable, or declare the host'],
  )
}
