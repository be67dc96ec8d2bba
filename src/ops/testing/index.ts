/**
 * What a service's own tests need to take Redis away for real: servers on loopback, doors in front of them, and the
 * checks that any backend of a transparent cache must pass. Knows no test runner. For tests, not for production:
 * `import { … } from 'transparent-cache/testing'`.
 *
 * @module testing
 */
export { EnvironmentError } from '../report/errors.js'
export type { ActionableError } from '../report/errors.js'
export type { RedisServer } from '../sandbox/sandbox.js'
export type { UpstashEndpoint } from '../sandbox/upstash/endpoint.js'
export { backendContract } from './contract/backend-contract.js'
export type { BackendContractOptions } from './contract/backend-contract.js'
export type { ContractAspect, ContractCheck } from './contract/check.js'
export { openRestDoor, openTcpDoor } from './open-door.js'
export type { FaultDoor, FaultSighting } from './fault-door.js'
export { REDIS_FAULTS, REST_FAULTS } from './fault-names.js'
export type { RedisFault, RestFault } from './fault-names.js'
export { startSandbox } from './start-sandbox.js'
export type { Sandbox, SandboxOptions, SandboxWithUpstash } from './start-sandbox.js'
