import { anything, type KnownPackage } from './known-package.js'

/** Job queues over a client. */
export const QUEUES: KnownPackage[] = [
  {
    names: ['bullmq', 'bull', 'bee-queue'],
    declarations: ['Queue', 'Worker', 'QueueEvents', 'FlowProducer', 'Job']
      .map(
        (name) =>
          `export class ${name}<A = any, B = any, C extends string = any> { constructor(...args: any[]); ${anything} }`,
      )
      .concat(
        'export { Queue as default }; export type QueueOptions = any; export type ConnectionOptions = any; export type Processor<A = any, B = any, C = any> = any;',
      )
      .join('\n'),
    kinds: { Queue: 'queue', Worker: 'queue', QueueEvents: 'queue', FlowProducer: 'queue' },
  },
]
