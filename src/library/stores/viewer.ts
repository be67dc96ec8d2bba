/** On whose behalf a store is asked. Take both from the verified session, never from what a request says of itself. */
export interface Viewer {
  /** Nobody sees anything of another tenant. */
  tenantId: string
  /** Null for somebody who is not logged in: reads what is shared with the tenant, if anything. */
  userId: string | null
}
