import { Redis } from 'ioredis'

// What one writes in ten minutes: a loop over SCAN with a pipeline for each page. A process of its own, so that whoever
// measures how others fare is not one of its victims.
const redis = new Redis(process.argv[2]!)
let cursor = '0'
do {
  const [next, keys] = await redis.scanBuffer(cursor, 'COUNT', 1000)
  const pipeline = redis.pipeline()
  for (const key of keys) pipeline.pttl(key).type(key).memory('USAGE', key)
  await pipeline.exec()
  cursor = next.toString()
} while (cursor !== '0')
redis.disconnect()
