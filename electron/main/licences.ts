/** The licences of what is shipped, as the build wrote them beside the pages; there are none before it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { type Licence, licenceSchema } from '#common/domain/licence.ts'
import { rendererDir } from './paths.ts'

export async function readLicences(): Promise<Licence[]> {
  const text = await readFile(join(rendererDir, 'licences.json'), 'utf8')
  return v.parse(v.pipe(v.string(), v.parseJson(), v.array(licenceSchema)), text)
}
