import type { Measurement } from '../measurement.js'
import type { ProbeSet } from '../../config/probes/probe.js'

type Declared = Partial<Pick<ProbeSet, 'read' | 'write' | 'revoke' | 'limit'>>

/** What nobody can see of an app from outside, by clause, unless it has been declared. */
export function unseenOf(
  { read, revoke, limit }: Declared,
  { hasSource, takesSource }: { hasSource: boolean; takesSource: boolean },
): NonNullable<Measurement['unseen']> {
  return {
    ...(!read && {
      C2: 'what the app should have answered is not known; declare a `read` probe, and `write`, in a --probes file',
    }),
    ...(!limit && { C4: 'no limiter is declared; declare a `limit` probe in a --probes file' }),
    C5: 'the factories of an app cannot be called from outside; drill them with --module',
    ...(!hasSource && {
      C7: "how often the app reads its database is not seen; --with supabase, or SUPABASE_URL with --own-servers, has it counted at the database's door",
    }),
    ...(takesSource && {
      C8: 'whether the app had to ask its database again is not seen; how it answers after the heal is judged by C1 and C3',
    }),
    ...(!(read && revoke) && {
      C9: 'what was revoked in the outage is not known; declare `read` and `revoke` probes in a --probes file',
    }),
  }
}
