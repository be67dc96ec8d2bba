import { Flags } from '@oclif/core'
import { UsageError } from '../ops/report/errors.js'
import { probesOf, type AppFlags } from './app-flags.js'

/** What says how an app is drilled that runs already, behind `cache proxy`. */
export const runningFlags = {
  url: Flags.string({
    summary: 'App on this machine that runs already, behind cache proxy.',
    helpValue: 'URL',
    helpGroup: 'APP',
    exclusive: ['subject', 'module', 'suite', 'scenario', 'ready', 'with', 'redis-variable', 'backend'],
  }),
  proxy: Flags.string({
    summary: 'Control port of that proxy (default: CACHE_PROXY_URL); its token is in CACHE_PROXY_TOKEN_FILE.',
    helpValue: 'URL',
    helpGroup: 'APP',
    dependsOn: ['url'],
  }),
}

/** @throws UsageError when the one is there without the other */
export async function runningAppOf(
  flags: AppFlags & { url?: string | undefined; proxy?: string | undefined },
  command: readonly string[] | undefined,
  env: Readonly<Record<string, string | undefined>>,
) {
  if (flags.url === undefined) return undefined
  if (command !== undefined) {
    throw new UsageError('CONFLICTING_FLAGS', '--url and a command behind -- contradict each other.', [
      'leave one of them out',
    ])
  }
  const proxyUrl = flags.proxy ?? env['CACHE_PROXY_URL']
  if (!proxyUrl) {
    throw new UsageError(
      'NO_PROXY',
      'An app that runs already is drilled through a proxy, and none is named.',
      [
        'cache proxy --to redis, start the app with what it prints, then --proxy with the address of its control port',
      ],
    )
  }
  return {
    url: flags.url,
    proxyUrl,
    tokenFile: env['CACHE_PROXY_TOKEN_FILE'],
    declared: await probesOf(flags),
  }
}
