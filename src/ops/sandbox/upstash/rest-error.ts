/** A request that is answered with `{"error": message}` and this status. */
export class RestError extends Error {
  override readonly name = 'RestError'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
