import { SafetyError, UsageError } from '../../report/errors.js'

/** @throws SafetyError for another machine: a probe is traffic, and a drill makes much of it */
export function urlOfApp(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'http:' || url.username || url.password) {
    throw new UsageError('BAD_URL', '--url is not the http:// address of an app, without credentials.', [
      '--url http://127.0.0.1:3000',
    ])
  }
  if (/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)) return url
  throw new SafetyError(
    'NOT_LOOPBACK',
    `Refused to ask ${url.host}: it is not on this machine, and probes would be load for somebody else.`,
    ['run cache on the machine of the app, and --url http://127.0.0.1:PORT'],
  )
}
