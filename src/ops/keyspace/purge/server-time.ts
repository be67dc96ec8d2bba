/** What TIME replied, in ms since 1970. */
export function milliseconds(time: unknown): number {
  const [seconds, microseconds] = time as [Buffer | string, Buffer | string]
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)
}
