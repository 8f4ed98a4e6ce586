import { describe, expect, it } from 'vitest'
import { redact, redactText } from '#electron/adapters/log/redact.ts'

const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ'

describe('what reaches the log', () => {
  it.each([
    `wss://server/ws/im?token=${token}`,
    `wss://server/ws/im?a=1&token=opaque-user-sig&b=2`,
    `Authorization: Bearer ${token}`,
    `Authorization:Bearer opaque-user-sig`,
    `{"token":"opaque-user-sig"}`,
    `something with ${token} inside`,
  ])('holds no secret of: %s', (line) => {
    const logged = redactText(line)
    expect(logged).not.toContain(token)
    expect(logged).not.toContain('opaque-user-sig')
    expect(logged).toContain('[secret]')
  })

  it('holds no PIN', () => {
    expect(JSON.stringify(redact({ pin: '2580', newPin: '2580', input: { oldPin: '2580' } }))).not.toContain('2580')
  })

  it('keeps what is not secret', () => {
    expect(redactText('link ended code=link.refused after 3 tries')).toBe('link ended code=link.refused after 3 tries')
  })

  it('looks into objects, arrays, errors and telling names', () => {
    const logged = JSON.stringify(
      redact({
        connectHeaders: { Authorization: 'x' },
        list: [{ url: `wss://s?token=${token}` }],
        error: new Error(token),
      }),
    )
    expect(logged).not.toContain(token)
    expect(logged).not.toContain('"Authorization"')
  })

  it('holds nothing that anybody said, whoever logs it under whatever name', () => {
    const logged = JSON.stringify(
      redact({ content: { kind: 'text', text: 'meet me' }, message: { body: 'at the', words: ['old', 'oak'] } }),
    )
    expect(logged).not.toMatch(/meet me|at the|oak/)
    expect(logged).toContain('[words]')
  })
})
