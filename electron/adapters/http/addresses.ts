/** Which machines a picture may be fetched from: never this one or its link unasked, and by a redirect none inside. */
import { lookup as systemLookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import type { RequestOptions } from 'node:http'

type Lookup = NonNullable<RequestOptions['lookup']>

const here = new BlockList()
here.addSubnet('127.0.0.0', 8)
here.addSubnet('0.0.0.0', 8)
here.addSubnet('169.254.0.0', 16)
here.addSubnet('fe80::', 10, 'ipv6')
here.addAddress('::1', 'ipv6')
here.addAddress('::', 'ipv6')

const inside = new BlockList()
inside.addSubnet('10.0.0.0', 8)
inside.addSubnet('172.16.0.0', 12)
inside.addSubnet('192.168.0.0', 16)
inside.addSubnet('100.64.0.0', 10)
inside.addSubnet('fc00::', 7, 'ipv6')

/** In the system's words, so that it is told as such. */
class RefusedAddress extends Error {
  readonly code = 'EACCES'
}

export interface Allowed {
  readonly here: boolean
  readonly inside: boolean
}

/** `address`: an IP address. */
export function isAllowed(address: string, allowed: Allowed): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (here.check(address, family)) return allowed.here
  return allowed.inside || !inside.check(address, family)
}

/** Whether a URL's host is an address that is not allowed; names are looked at when they are resolved. */
export function isRefusedLiteral(hostname: string, allowed: Allowed): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(address) !== 0 && !isAllowed(address, allowed)
}

/** Resolves as the system does and refuses names of which any address is not allowed. */
export function guardedLookup(allowed: Allowed): Lookup {
  return (hostname, options, done) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        done(error, '', 0)
        return
      }
      const [first] = addresses
      if (first === undefined || addresses.some(({ address }) => !isAllowed(address, allowed))) {
        done(new RefusedAddress('address not allowed'), '', 0)
      } else if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
}
