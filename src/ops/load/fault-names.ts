/** Who it was that cost something. */
const NAMES: Record<string, string> = {
  refused: 'A refused Redis',
  stall: 'A hung Redis',
  reset: 'A Redis that resets connections',
  latency: 'A slow Redis',
  oom: 'A full Redis',
  readonly: 'A read-only Redis',
  flap: 'A flapping Redis',
  loading: 'A Redis that is loading',
  cold: 'An empty Redis',
  cut: 'A Redis that cuts its replies',
  blackhole: 'A Redis that swallows everything',
  dns: 'A Redis whose name does not resolve',
  pause: 'A paused Redis',
  sigkill: 'A killed Redis',
  sigstop: 'A frozen Redis',
  'upstash-hang': 'A hung Upstash',
  'upstash-slow': 'A slow Upstash',
  'supabase-down': 'A refused Supabase',
  'supabase-slow': 'A slow Supabase',
}

/** As the subject of a sentence; a fault that is not here is called by its name. */
export function culprit(fault: string): string {
  return NAMES[fault] ?? `The fault ${fault}`
}
