/** A place as people copy it from a map: two numbers, the latitude first. */
export interface Coordinates {
  readonly latitude: number
  readonly longitude: number
}

/** `39.9087, 116.3975`, with a space, a Chinese comma or a pair of brackets as well; null for anything else. */
export function readCoordinates(text: string): Coordinates | null {
  const numbers = /^[\s([（]*([+-]?\d{1,3}(?:\.\d+)?)°?\s*(?:[,，;；]|\s)\s*([+-]?\d{1,3}(?:\.\d+)?)°?[\s)\]）]*$/.exec(
    text,
  )
  if (numbers === null) return null
  const [latitude, longitude] = [Number(numbers[1]), Number(numbers[2])]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null
}
