/** The service refuses every command because those of the plan are used up; its words for a day and for a month. */
export function isOverQuota(refusal: string): boolean {
  return /max (?:daily )?requests? limit exceeded/i.test(refusal)
}

export const OVER_QUOTA_REMEDY = {
  text: 'Change the plan in the console of Upstash, or wait until it counts from 0 again.',
}
