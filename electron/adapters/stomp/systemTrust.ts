/** Certificates that this computer trusts beside those that come with the program: an organisation's own issuer. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls'

/** For the whole process. Reads the system's store, which takes tens of milliseconds: not before it is needed. */
export function trustSystemAuthorities(): void {
  setDefaultCACertificates([...new Set([...getCACertificates('default'), ...getCACertificates('system')])])
}
