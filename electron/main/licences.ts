/** The licences of what is shipped, as the build wrote them beside this script. */
import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { type Licence, licenceSchema } from '#common/domain/licence.ts'

export async function readLicences(): Promise<Licence[]> {
  const text = await readFile(new URL('licences.json', import.meta.url), 'utf8')
  return v.parse(v.pipe(v.string(), v.parseJson(), v.array(licenceSchema)), text)
}
