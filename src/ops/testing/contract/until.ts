/** Asks again and again until the answer is yes; rejects after `ms` with what it waited for. */
export async function until(what: string, isSo: () => Promise<boolean>, ms = 5000): Promise<void> {
  const end = performance.now() + ms
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms until ${what}, in vain`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** What the promise becomes; rejects when it has not settled in `ms`. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} had not settled after ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
