/** Where the library's few log lines go. `fields` holds what a structured logger would index. */
export interface Logger {
  /** Something failed, or is wrong with the set-up. */
  warn(message: string, fields: Record<string, string | number>): void
  /** It is over, or worth knowing. */
  info(message: string, fields: Record<string, string | number>): void
}
