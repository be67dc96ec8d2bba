/** All processes together ask for more than these allow. */
export const LIMITERS = [
  { name: 'soak-open', limit: 15, windowMs: 1000, onUnavailable: 'allow' },
  { name: 'soak-closed', limit: 10, windowMs: 500, onUnavailable: 'deny' },
] as const

export const IDENTIFIERS = ['u1', 'u:2*', 'u3 {ü}'] as const
