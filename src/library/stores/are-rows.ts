/** Whether an answer is a list of rows, of whatever columns. */
export function areRows<Row extends object>(answer: unknown): answer is Row[] {
  return Array.isArray(answer) && answer.every((row) => typeof row === 'object' && row !== null)
}
