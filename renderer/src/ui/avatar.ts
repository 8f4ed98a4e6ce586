/** What stands for somebody without a picture: a colour chosen by the id, and one or two characters of the name. */

/** As many as there are `avatar-n` classes in `Avatar.vue`. */
export const avatarColours = 8

/** The same id has the same colour everywhere and always. */
export function avatarColour(id: string): number {
  let hash = 2166136261
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619)
  return (hash >>> 0) % avatarColours
}

const han = /\p{Script=Han}/u
const wordLike = /[\p{L}\p{N}]/u

/** A Chinese name gives its last two characters, as people call each other; another one the initials of two words. */
export function avatarText(name: string): string {
  const characters = [...name].filter((character) => wordLike.test(character))
  const hanCharacters = characters.filter((character) => han.test(character))
  if (hanCharacters.length > 0) return hanCharacters.slice(-2).join('')
  const initials = name
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => [...word][0])
    .filter((initial) => initial !== undefined)
  const text = initials.slice(0, 2).join('')
  return text === '' ? '#' : text.toLocaleUpperCase()
}
