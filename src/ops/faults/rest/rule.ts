/**
 * What happens to one request and its answer.
 *
 * `answer`: the service never sees the request, and the client gets this instead. `hold`: nothing happens until the heal;
 * then the service gets it, whether or not its client still waits. `slow`: the service gets it at once, and its answer
 * begins `delayMs` after that and comes in pieces, `everyMs` apart.
 */
export type RestTreatment =
  | { kind: 'pass' }
  | { kind: 'hold' }
  | { kind: 'answer'; status: number; contentType: string; body: string }
  | { kind: 'slow'; delayMs: number; pieces: number; everyMs: number }

/**
 * Decides what happens to each request. A pure function: one rule serves many doors at once.
 *
 * @param index how many requests the door had treated before this one
 */
export type RestRule = (index: number) => RestTreatment
