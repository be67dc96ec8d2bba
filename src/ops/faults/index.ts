import { blackhole } from './blackhole.js'
import { busy } from './busy.js'
import { clockSkew } from './clock-skew.js'
import { clusterdown } from './clusterdown.js'
import { cold } from './cold.js'
import { corrupt } from './corrupt.js'
import { cut } from './cut.js'
import { dns } from './dns.js'
import { drip } from './drip.js'
import type { Fault } from './fault.js'
import { flap } from './flap.js'
import { halfOpen } from './half-open.js'
import { latency } from './latency.js'
import { loading } from './loading.js'
import { masterdown } from './masterdown.js'
import { maxclients } from './maxclients.js'
import { maxmemory } from './maxmemory.js'
import { misconf } from './misconf.js'
import { miss } from './miss.js'
import { moved } from './moved.js'
import { noauth } from './noauth.js'
import { noperm } from './noperm.js'
import { oom } from './oom.js'
import { pause } from './pause.js'
import { pauseWrites } from './pause-writes.js'
import { poison } from './poison.js'
import { readonly } from './readonly.js'
import { refused } from './refused.js'
import { replicaSwap } from './replica-swap.js'
import { reset } from './reset.js'
import { restartEmpty } from './restart-empty.js'
import { shortTtl } from './short-ttl.js'
import { sigkill } from './sigkill.js'
import { sigstop } from './sigstop.js'
import { slowClose } from './slow-close.js'
import { stall } from './stall.js'
import { supabase5xx } from './supabase-5xx.js'
import { supabaseDown } from './supabase-down.js'
import { supabaseSlow } from './supabase-slow.js'
import { swappedReplies } from './swapped-replies.js'
import { tlsExpired } from './tls-expired.js'
import { tlsWrongHost } from './tls-wrong-host.js'
import { unset } from './unset.js'
import { upstash401 } from './upstash-401.js'
import { upstash429 } from './upstash-429.js'
import { upstash500 } from './upstash-500.js'
import { upstashHang } from './upstash-hang.js'
import { upstashHtml } from './upstash-html.js'
import { upstashSlow } from './upstash-slow.js'
import { wrongpass } from './wrongpass.js'

/** Every fault there is, in the order in which drills run. */
export const faults: readonly Fault[] = [
  refused,
  stall,
  reset,
  latency,
  oom,
  readonly,
  flap,
  loading,
  cold,
  cut,
  busy,
  misconf,
  masterdown,
  noauth,
  wrongpass,
  noperm,
  clusterdown,
  moved,
  maxclients,
  corrupt,
  swappedReplies,
  poison,
  miss,
  shortTtl,
  dns,
  tlsExpired,
  tlsWrongHost,
  unset,
  blackhole,
  drip,
  halfOpen,
  slowClose,
  sigkill,
  sigstop,
  maxmemory,
  restartEmpty,
  replicaSwap,
  pause,
  pauseWrites,
  clockSkew,
  upstash429,
  upstash500,
  upstash401,
  upstashHtml,
  upstashHang,
  upstashSlow,
  supabaseDown,
  supabaseSlow,
  supabase5xx,
]
