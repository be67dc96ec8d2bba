import { ANY_PROTOCOL, type Fault } from '../faults/fault.js'

/** Nothing happens: all three phases are healthy, which makes it a plain load test. Not a drill, so in no list of faults. */
export const none: Fault = {
  name: 'none',
  summary: 'Nothing: Redis stays healthy.',
  protocols: ANY_PROTOCOL,
  breaks: [],
  apply: () => Promise.resolve(),
  lift: () => Promise.resolve(),
  witness: () => ({ witnessed: true, evidence: 'there is nothing to meet', counts: {} }),
}
