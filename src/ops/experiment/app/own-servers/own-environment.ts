import type { AppSpec } from '../app.js'
import { forApp, type AppEnvironment } from '../environment.js'
import type { OwnServer } from './guarded-server.js'

/** A server and where its door is; null: it has none. */
export interface Fronted {
  server: OwnServer
  door: { host: string; port: number } | null
}

/**
 * The app's environment as it is, but for the addresses of servers that have a door: those lead to it, with user, password,
 * database and options as they were, each variable's own.
 */
export function ownEnvironment({ env }: Pick<AppSpec, 'env'>, fronted: readonly Fronted[]): AppEnvironment {
  const given = Object.fromEntries(
    fronted.flatMap(({ server, door }) =>
      door === null
        ? []
        : server.variables.map((name) => [name, throughDoor(env[name]?.trim() ?? server.url, door)]),
    ),
  )
  return { env: { ...forApp(env), ...given }, rewritten: Object.keys(given), removed: [] }
}

/** Plain where the server speaks TLS: that is what the door does then. */
function throughDoor(url: string, { host, port }: { host: string; port: number }): string {
  const { protocol, username, password, pathname, search } = new URL(url)
  const login = username || password ? `${username}${password ? `:${password}` : ''}@` : ''
  const plain = protocol.startsWith('redis') ? 'redis:' : 'http:'
  return `${plain}//${login}${host}:${port}${pathname === '/' ? '' : pathname}${search}`
}
