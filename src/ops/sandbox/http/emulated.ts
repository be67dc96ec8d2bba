/** What the emulated endpoints call themselves in the header `server`, so that nobody takes one for the service that it stands in for. */
export const EMULATED = 'transparent-cache-sandbox'
