/**
 * How much later than the deadline a client itself gives a command up, in ms. Its timer is a bare one, although the
 * answer may lie in the socket after a stall of our own event loop. So it only ends what nobody waits for any more; how
 * long callers wait is for the guard to say, which looks first.
 */
export const STALL_MS = 1000
