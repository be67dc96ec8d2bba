import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** RFC 1918, 6598, 3927, 1122. */
const IPV4 = { '10.0.0.0': 8, '172.16.0.0': 12, '192.168.0.0': 16, '100.64.0.0': 10, '169.254.0.0': 16, '127.0.0.0': 8 } // prettier-ignore
/** RFC 4193, 4291. */
const IPV6 = { 'fc00::': 7, 'fe80::': 10, '::1': 128 }

const nets = new BlockList()
for (const [net, bits] of Object.entries(IPV4)) nets.addSubnet(net, bits)
for (const [net, bits] of Object.entries(IPV6)) nets.addSubnet(net, bits, 'ipv6')

/** Whether every address of a host is out of reach for the internet; null when its name could not be looked up in time. */
export async function hasPrivateAddress(host: string, deadlineMs: number): Promise<boolean | null> {
  const addresses = isIP(host) === 0 ? await lookedUp(host, deadlineMs) : [host]
  return addresses?.every((address) => nets.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) ?? null
}

async function lookedUp(host: string, deadlineMs: number): Promise<string[] | null> {
  const found = lookup(host, { all: true }).then(
    (all) => all.map(({ address }) => address),
    () => null,
  )
  return Promise.race([found, sleep(deadlineMs, null, { ref: false })])
}
