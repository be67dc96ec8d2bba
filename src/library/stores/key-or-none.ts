/** The empty key, which a cache refuses, counts and does without, where an identifier makes none. */
export function keyOrNone(build: () => string): string {
  try {
    return build()
  } catch {
    return ''
  }
}
