import { parseAst } from 'vite'

/** What a built ES module loads, in its own words: what it imports, exports from, and asks for by name while it runs. */
export function loadedBy(source: string): string[] {
  const linked = parseAst(source).body.flatMap((statement) =>
    'source' in statement && statement.source !== null ? [String(statement.source.value)] : [],
  )
  const asked = [...source.matchAll(/\b(?:import|require)\(["'`]([^"'`]+)["'`]/g)].map(([, name]) => name ?? '')
  return [...linked, ...asked]
}
