/**
 * The search itself: the index names candidates, the rows decide.
 *
 * Promises: a hit is a visible message that has every phrase and passes every filter as its row is now; one answer looks
 * at a bounded number of candidates, however common the words are. Any query is answered. Must never count all hits.
 */
import { isAsking, parseQuery, type SearchQuery } from '#common/domain/search/query.ts'
import { type SearchHit, hitsPerPage } from '#common/domain/search/answer.ts'
import { placesOf, snippet } from '#common/domain/search/matching.ts'
import type { FoundMessages, SearchRequest } from '../ports/store.ts'
import { timeOfRow } from '../store/messageRules.ts'
import type { MessageRow, SearchFilter } from '../store/rows.ts'
import type { UnitOfWork } from '../store/unit.ts'
import { conversationsNamed, sendersNamed } from './names.ts'
import { foundContent, searchText } from './searchText.ts'

/** Candidates that one answer looks at. */
const mostCandidates = 20_000
/** How far the most telling are looked for among the newest. */
const mostRanked = 5_000
const blocks = { first: 64, next: 1_000 }
const fromTheEnd = Number.MAX_SAFE_INTEGER

const link = /(?:https?:\/\/|www\.)\S/i

export function searchMessages(unit: UnitOfWork, request: SearchRequest): FoundMessages {
  const query = parseQuery(request.query, new Date(request.at))
  const { left, total } = unit.searchIndex.progress()
  const indexing = left === 0 ? null : { left, total }
  const filter = isAsking(query) ? filterOf(unit, query, request.conversationId) : null
  if (filter === null) return { hits: [], cursor: null, indexing }
  const find = request.order === 'relevance' && query.phrases.length > 0 ? mostTelling : newest
  return { ...find(unit, query, filter, request.cursor ?? fromTheEnd), indexing }
}

type Found = Pick<FoundMessages, 'hits' | 'cursor'>

/** By arrival, page after page; within a page by time, because what came late may be old. */
function newest(unit: UnitOfWork, query: SearchQuery, filter: SearchFilter, cursor: number): Found {
  const hits: SearchHit[] = []
  const { search } = unit.rows
  let below = cursor
  let size = blocks.first
  for (let looked = 0; looked < mostCandidates; size = blocks.next) {
    const ids = search.newest(query.phrases, below, size)
    for (const row of search.choose(ids, filter)) {
      const hit = hitOf(unit, query, row)
      if (hit === null) continue
      if (hits.length === hitsPerPage) return { hits: byTime(hits), cursor: below }
      hits.push(hit)
      below = row.id
    }
    if (ids.length < size) return { hits: byTime(hits), cursor: null }
    below = ids.at(-1) ?? 1
    looked += ids.length
  }
  return { hits: byTime(hits), cursor: below }
}

function byTime(hits: SearchHit[]): SearchHit[] {
  return hits.sort((a, b) => b.at - a.at)
}

function mostTelling(unit: UnitOfWork, query: SearchQuery, filter: SearchFilter): Found {
  const { search } = unit.rows
  const lowest = search.newest(query.phrases, fromTheEnd, mostRanked).at(-1)
  const hits: SearchHit[] = []
  if (lowest === undefined) return { hits, cursor: null }
  for (const row of search.choose(search.best(query.phrases, lowest, mostRanked), filter)) {
    const hit = hitOf(unit, query, row)
    if (hit !== null) hits.push(hit)
    if (hits.length === hitsPerPage) break
  }
  return { hits, cursor: null }
}

function hitOf(unit: UnitOfWork, query: SearchQuery, row: MessageRow): SearchHit | null {
  const content = foundContent(row)
  if (content === null || content.kind === 'event') return null
  const text = searchText(content)
  const places = placesOf(query.phrases, text)
  if (places === null || (query.has.includes('link') && !link.test(text))) return null
  const conversation = unit.conversationByKey(row.conversation)
  return {
    messageId: row.id,
    serverId: row.serverId,
    conversationId: conversation.id,
    senderId: row.senderId,
    kind: content.kind,
    at: timeOfRow(row),
    parts: snippet(text, places),
  }
}

/** Null where nothing can pass: nobody is called so. */
function filterOf(unit: UnitOfWork, query: SearchQuery, conversationId: string | null): SearchFilter | null {
  const only = conversationId === null ? null : [unit.conversation(conversationId)?.key ?? 0]
  const named = query.in.length === 0 ? null : conversationsNamed(unit, query.in)
  const conversations = only !== null && named !== null ? only.filter((key) => named.includes(key)) : (only ?? named)
  const senders = query.from.length === 0 ? null : sendersNamed(unit, query.from)
  const kinds = kindsOf(query)
  if (conversations?.length === 0 || senders?.length === 0 || kinds?.length === 0) return null
  return { conversations, senders, kinds, after: query.after, before: query.before }
}

function kindsOf(query: SearchQuery): string[] | null {
  const typed = query.types.flatMap((type) => (type === 'text' ? ['text', 'quote'] : [type]))
  const things = query.has.flatMap((thing) => (thing === 'link' ? [] : [thing as string]))
  if (typed.length === 0 && things.length === 0) return null
  if (new Set(things).size > 1) return []
  const kinds = typed.length === 0 ? things : typed
  return things.length === 0 ? kinds : kinds.filter((kind) => things.includes(kind))
}
