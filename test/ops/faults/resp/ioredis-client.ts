import { Redis } from 'ioredis'

/** A client for what raw bytes are too little for. */
export function ioredisClient(port: number): Redis {
  return new Redis({ host: '127.0.0.1', port, retryStrategy: () => null })
}
