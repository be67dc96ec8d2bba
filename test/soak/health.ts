/** Since when the way from each process to Redis has been sound: its door, the server, and the machine itself. */
export class Health {
  readonly #faults = new Map<string, Set<string>>()
  readonly #since = new Map<string, number>()
  readonly #onBreak: (process: string, atMs: number) => void
  /** As `#since`, but time that was lost by standing still only moves it on. */
  readonly #repaired = new Map<string, number>()
  standstills = 0

  /** @param onBreak is called before the way of a process is counted as broken */
  constructor(onBreak: (process: string, atMs: number) => void) {
    this.#onBreak = onBreak
  }

  add(process: string, atMs: number): void {
    this.#faults.set(process, new Set())
    this.#since.set(process, atMs)
    this.#repaired.set(process, atMs)
  }

  remove(process: string): void {
    this.#faults.delete(process)
    this.#since.delete(process)
    this.#repaired.delete(process)
  }

  broken(process: string, fault: string, atMs: number): void {
    const faults = this.#faults.get(process)
    if (!faults) return
    this.#onBreak(process, atMs)
    faults.add(fault)
  }

  mended(process: string, fault: string, atMs: number): void {
    if (!this.#faults.get(process)?.delete(fault)) return
    this.#since.set(process, atMs)
    this.#repaired.set(process, atMs)
  }

  /** Nothing was done for a while: what was to happen within a second may be late without anybody's fault. */
  stoodStill(process: string, fromMs: number, toMs: number): void {
    if (!this.#faults.has(process)) return
    this.standstills++
    this.#onBreak(process, fromMs)
    this.#since.set(process, Math.max(toMs, this.#since.get(process) ?? 0))
    this.#repaired.set(process, (this.#repaired.get(process) ?? 0) + toMs - fromMs)
  }

  /** Infinity while something is wrong, and for a process that is gone. */
  since(process: string): number {
    return this.#isBroken(process) ? Infinity : (this.#since.get(process) ?? Infinity)
  }

  /** The same, with the time that was lost by standing still added: how long there was to recover. */
  repairedAt(process: string): number {
    return this.#isBroken(process) ? Infinity : (this.#repaired.get(process) ?? Infinity)
  }

  get processes(): string[] {
    return [...this.#faults.keys()]
  }

  #isBroken(process: string): boolean {
    return this.#faults.get(process)?.size !== 0
  }
}
