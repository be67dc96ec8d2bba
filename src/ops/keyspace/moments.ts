/** Sum and variance of numbers that come and go. */
export class Moments {
  #count = 0
  /** Close to the numbers: squares of their distances from it stay small enough to be exact. */
  #origin = 0
  #sum = 0
  #squares = 0

  add(value: number): void {
    if (this.#count === 0) [this.#origin, this.#sum, this.#squares] = [value, 0, 0]
    this.#change(value, 1)
  }

  /** @param value one that was added */
  remove(value: number): void {
    this.#change(value, -1)
  }

  get count(): number {
    return this.#count
  }

  get sum(): number {
    return this.#sum + this.#origin * this.#count
  }

  /** Of the numbers as a sample of more; 0 for fewer than two. */
  get variance(): number {
    if (this.#count < 2) return 0
    return Math.max(0, this.#squares - this.#sum ** 2 / this.#count) / (this.#count - 1)
  }

  #change(value: number, by: 1 | -1): void {
    const distance = value - this.#origin
    this.#count += by
    this.#sum += by * distance
    this.#squares += by * distance ** 2
  }
}
