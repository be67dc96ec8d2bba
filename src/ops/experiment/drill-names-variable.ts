/** Tells a process where the name server of its drill is asked: `address:port`, by UDP. */
export const RESOLVER_VARIABLE = 'CACHE_DRILL_RESOLVER'
