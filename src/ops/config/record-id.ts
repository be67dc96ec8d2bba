/** What the id of a record looks like: second of its start, what the run was, and six digits by chance. */
const PATTERN = String.raw`\d{8}T\d{6}Z-[a-z0-9-]{1,40}-[0-9a-f]{6}`

export const RECORD_ID = new RegExp(`^${PATTERN}$`)
/** The name under which one is written, until it is whole. */
export const TEMPORARY_RECORD = new RegExp(String.raw`^\.${PATTERN}\.tmp$`)
