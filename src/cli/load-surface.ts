import { noProxy } from '../ops/report/no-proxy.js'
import { UsageError } from '../ops/report/errors.js'
import { probesOf, type AppFlags } from './app-flags.js'
import { runningAppOf } from './running-flags.js'

/**
 * The app that runs already; undefined when there is none. Where nothing is taken away from it, it needs no proxy.
 *
 * @throws UsageError for what is no URL, and for one without a proxy when there is a fault
 */
export async function runningUnderLoad(
  flags: AppFlags & { url?: string | undefined; proxy?: string | undefined },
  command: readonly string[] | undefined,
  fault: string,
  env: Readonly<Record<string, string | undefined>>,
) {
  if (flags.url === undefined) return undefined
  if (!URL.canParse(flags.url)) {
    throw new UsageError('BAD_URL', '--url is not the http:// address of an app, without credentials.', [
      '--url http://127.0.0.1:3000',
    ])
  }
  const url = new URL(flags.url)
  const alone = command === undefined && fault === 'none' && !(flags.proxy ?? env['CACHE_PROXY_URL'])
  if (alone) return { url, declared: await probesOf(flags), proxy: null }
  if (command === undefined && !(flags.proxy ?? env['CACHE_PROXY_URL'])) throw noProxy(fault)
  const { declared, proxyUrl, tokenFile } = (await runningAppOf(flags, command, env))!
  return { url, declared, proxy: { url: proxyUrl, tokenFile } }
}
