import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multipartBoundary, parseMultipart } from '#test/server/multipart.ts'

async function formBytes(form: FormData): Promise<{ body: Buffer; boundary: string }> {
  const response = new Response(form)
  const boundary = multipartBoundary(response.headers.get('content-type') ?? undefined)
  return { body: Buffer.from(await response.arrayBuffer()), boundary: boundary ?? '' }
}

describe('multipart parser', () => {
  it('reads names, file names, types and bytes of a form', async () => {
    const form = new FormData()
    form.append('note', '你好')
    form.append('file', new File([Buffer.from('\r\n--x\r\n')], '报告.pdf', { type: 'application/pdf' }))
    const { body, boundary } = await formBytes(form)
    expect(parseMultipart(body, boundary)).toEqual([
      { name: 'note', filename: null, contentType: 'application/octet-stream', bytes: Buffer.from('你好') },
      { name: 'file', filename: '报告.pdf', contentType: 'application/pdf', bytes: Buffer.from('\r\n--x\r\n') },
    ])
  })

  it('keeps any bytes as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const form = new FormData()
        form.append('file', new File([Buffer.from(bytes)], 'f'))
        const { body, boundary } = await formBytes(form)
        expect(parseMultipart(body, boundary)?.[0]?.bytes).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 30 },
    )
  })

  it('calls a body that is cut short, or no form at all, what it is', async () => {
    const form = new FormData()
    form.append('file', new File(['hello'], 'f'))
    const { body, boundary } = await formBytes(form)
    expect(parseMultipart(body.subarray(0, body.length - 6), boundary)).toBeNull()
    expect(parseMultipart(Buffer.from('hello'), boundary)).toBeNull()
    expect(multipartBoundary('application/json')).toBeNull()
    expect(multipartBoundary('multipart/form-data')).toBeNull()
  })
})
