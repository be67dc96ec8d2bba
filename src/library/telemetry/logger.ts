/** Where the library's few log lines go. `fields` holds what a structured logger would index. */
export interface Logger {
  warn(message: string, fields: Record<string, string | number>): void
  info(message: string, fields: Record<string, string | number>): void
}
