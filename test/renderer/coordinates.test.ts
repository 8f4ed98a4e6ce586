import { describe, expect, it } from 'vitest'
import { readCoordinates } from '../../renderer/src/features/share/coordinates.ts'

describe('a place', () => {
  it.each([
    ['39.9087, 116.3975', 39.9087, 116.3975],
    ['39.9087,116.3975', 39.9087, 116.3975],
    [' -33.86 151.21 ', -33.86, 151.21],
    ['（31.2304，121.4737）', 31.2304, 121.4737],
    ['[0;0]', 0, 0],
    ['+90°, -180°', 90, -180],
  ])('is read from %j', (text, latitude, longitude) => {
    expect(readCoordinates(text)).toEqual({ latitude, longitude })
  })

  it.each(['', '39.9', '91, 0', '0, 181', 'here', '1, 2, 3', '1e3, 2', 'NaN, NaN', '39,9087 116,3975'])(
    'is not read from %j',
    (text) => {
      expect(readCoordinates(text)).toBeNull()
    },
  )
})
