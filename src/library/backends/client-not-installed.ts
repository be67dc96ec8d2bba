import { NotConnectedError } from '../kernel/errors.js'
import { emit } from '../kernel/events.js'

const PACKAGES = {
  redis: { service: 'Redis', name: 'ioredis' },
  upstash: { service: 'Upstash', name: '@upstash/redis' },
}

const said = new Set<string>()

/**
 * What every operation is told whose client package cannot be loaded: a backend that is not there. A warning, once per
 * process, names the package, since a forgotten `npm install` otherwise looks like an outage that never ends.
 */
export function clientNotInstalled(backend: keyof typeof PACKAGES, cause: unknown): NotConnectedError {
  const { service, name } = PACKAGES[backend]
  if (!said.has(name)) {
    said.add(name)
    const message = `${name} cannot be loaded, so ${service} counts as away: npm install ${name}`
    emit({ type: 'warning', subject: backend, message })
  }
  return new NotConnectedError({ code: 'CLIENT_NOT_INSTALLED', cause })
}
