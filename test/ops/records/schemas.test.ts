import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { drillReportSchema } from '../../../src/ops/config/drill-report-schema.js'
import type { wholeLoadReportSchema } from '../../../src/ops/config/load-report-schema.js'
import type { OutageReport } from '../../../src/ops/report/drill-report.js'
import type { LoadReport } from '../../../src/ops/report/load-report.js'

/** A type with nothing optional in it, however deep: then a field that the schema forgot is missing. */
type Whole<T> = T extends readonly (infer Item)[]
  ? Whole<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Whole<NonNullable<T[Key]>> }
    : T
type Kept<Report> = Whole<Omit<Report, 'error'>>

// The compiler decides: a field of a report that a schema does not know would be lost when a record is shown.
const fits: [
  Kept<z.output<typeof drillReportSchema>> extends Kept<OutageReport>
    ? true
    : 'a field is missing in drill-report-schema.ts or drill-history-schema.ts',
  Kept<z.output<typeof wholeLoadReportSchema>> extends Kept<LoadReport>
    ? true
    : 'a field is missing in load-report-schema.ts',
] = [true, true]

test('the schemas of saved reports have every field of a report', () => {
  expect(fits).toEqual([true, true])
})
