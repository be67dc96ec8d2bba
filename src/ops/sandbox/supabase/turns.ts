/**
 * Whoever calls what this returns waits until all who called before him are done, and gets what he calls when he is.
 *
 * Waits for ever behind somebody who never says so.
 */
export function turns(): () => Promise<() => void> {
  let last = Promise.resolve()
  return async () => {
    const before = last
    let done!: () => void
    last = new Promise((resolve) => (done = resolve))
    await before
    return done
  }
}
