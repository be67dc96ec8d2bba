import { UsageError } from './errors.js'

/** An app that runs already, a fault, and nobody who could bring it about. */
export function noProxy(fault: string): UsageError {
  return new UsageError(
    'NO_PROXY',
    `Nothing can be taken away from an app that runs already unless a proxy is in front of it, and none is named for the fault ${fault}.`,
    [
      'cache proxy --to redis, start the app with what it prints, then --proxy with the address of its control port',
      '--fault none, for a load test without a failover',
    ],
  )
}
