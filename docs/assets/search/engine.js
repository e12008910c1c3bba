// Engine: asks the index, which Pagefind made. Loaded when a reader first searches.
import { entitiesFor, isDoubtful, meantBy, prepareNames, wordsOf } from "./names.js"
import { wordsIn } from "./results.js"

export const FACETS = { type: "Articles or entries", year: "Year", outlet: "Outlet", kind: "Kind of entry", language: "Language" }

const EVERY = '"\ua500"' // a word of every document and of no text; the same as EVERY of generator/publish/documents.py
const WORDS = 12 // of a query, that are looked at one by one
const OFFERED = 3 // entries above the hits, which do not stand among these

const site = new URL("../../", import.meta.url) // of assets/search/
const folder = new URL("search/", site).href
let known = null
let ready = null
let shards = []
let order = null
const without = new Map()
const opened = new Set()

/** Fetch what every search needs. */
export function prepare() {
  ready ??= load().catch(error => { ready = null; throw error })
  return ready
}

/** Fetch what the index says of itself; from then on names are known. */
function prepareKnown() {
  known ??= fetch(`${folder}index.json`, { cache: "no-cache" }).then(async answer => {
    if (!answer.ok) throw new Error("The search index is not there yet. It may still be in the making: try again in a moment.")
    const said = await answer.json()
    prepareNames(said.names, folder)
    shards = said.shards.map((_, n) => String(n))
    return said
  }).catch(error => { known = null; throw error })
  return known
}

async function load() {
  const [first, ...others] = (await prepareKnown()).shards.map((name, n) =>
    [`${folder}${name}/`, { metaCacheTag: "1", mergeFilter: { shard: shards[n] } }])
  const { createInstance } = await import(`${first[0]}pagefind.js`)
  const pagefind = createInstance({ basePath: first[0], ...first[1] })
  await Promise.all(others.map(([path, options]) => pagefind.mergeIndex(path, options)))
  await pagefind.init()
  return pagefind
}

/** The filter that knows the articles of an entity. The same as `bucket_of` of generator/publish/documents.py. */
const bucketOf = id => `e${new TextEncoder().encode(id).reduce((sum, byte) => sum + byte, 0) % 64}`

/** The filters of Pagefind for what a reader chose: one of the values of each facet, and all of the entities. */
function filtersOf({ facets = {}, entities = [] }, without = "") {
  const filters = {}
  for (const [facet, values] of Object.entries(facets)) if (facet !== without && values.length) filters[facet] = { any: values }
  for (const id of entities) (filters[bucketOf(id)] ??= { all: [] }).all.push(id)
  return filters
}

/** The entries that a query names, as soon as they are known; those that it may name misspelt are told by `find`. */
export async function offersFor(query) {
  await prepareKnown()
  const named = await entitiesFor(query)
  return named.every(({ cost }) => cost < 1) ? named.slice(0, OFFERED) : []
}

/**
 * Search. `chosen`: {query, facets: {year: [...]}, entities: [ids], byDate}.
 * The answer: {offers: entries that the query names, meant: an entity or null, hits, counts(facet)}. A query that is the name of an entry
 * finds the articles that mention it under any name, and then those that hold just the words.
 */
export async function find(chosen) {
  const pagefind = await prepare()
  let [named, none] = chosen.query ? await Promise.all([entitiesFor(chosen.query), shardsWithout(pagefind, chosen.query)]) : [[], []]
  if (isDoubtful(chosen.query, named) && none.length < shards.length) named = named.filter(({ cost }) => cost < 1)
  const meant = meantBy(named)
  const filtered = chosen.entities?.length || Object.values(chosen.facets ?? {}).some(values => values.length)
  const offers = filtered ? [] : named.slice(0, OFFERED)
  const searches = filters => ask(pagefind, chosen.query, meant, { offers, none }, filters)
  const [texts, mentions, both] = await searches(filtersOf(chosen))
  const dates = meant || chosen.byDate || !chosen.query ? await datesOf(pagefind) : null
  const newestFirst = (a, b) => dates.get(a.result.id) - dates.get(b.result.id)
  const inText = new Set(texts.results.map(({ id }) => id))
  const mentioning = new Set(mentions.results.map(result => result.id))
  const hits = [
    ...texts.results.filter(({ id }) => mentioning.has(id)).map(result => ({ result, meant })),
    ...mentions.results.filter(({ id }) => !inText.has(id)).map(result => ({ result, meant, named: true })).sort(newestFirst),
    ...texts.results.filter(({ id }) => !mentioning.has(id)).map(result => ({ result })),
  ]
  if (chosen.byDate || !chosen.query) hits.sort(newestFirst)
  return { offers, meant, hits, counts: facet => counts(facet, [texts, mentions, both], chosen, searches) }
}

/** What has the words, what mentions the entity that is meant, and what does both. */
async function ask(pagefind, query, meant, { offers, none }, filters) {
  const nothing = { results: [], filters: {} }
  const others = { ...filters, shard: { none }, all: offers.map(({ entity: { id } }) => ({ [bucketOf(id)]: { none: [`=${id}`] } })) }
  const texts = pagefind.search(query || EVERY, { filters: others })
  if (!meant) return [await texts, nothing, nothing]
  const bucket = bucketOf(meant.id)
  const together = { ...filters, [bucket]: { all: [...filters[bucket]?.all ?? [], meant.id] } }
  return Promise.all([
    texts,
    pagefind.search(EVERY, { filters: together }),
    pagefind.search(query, { filters: { ...together, shard: { none } } }),
  ])
}

/**
 * The shards that have no text with all words of a query. Where no word of a shard begins as a typed one does, Pagefind takes the longest
 * that the typed one begins with: "so" for "Sorokyn".
 */
function shardsWithout(pagefind, query) {
  if (!without.has(query)) {
    const words = query.startsWith('"') ? [] : query.split(/\s+/).filter(word => /[\p{L}\p{N}]/u.test(word)).slice(0, WORDS)
    without.set(query, Promise.all(words.map(async word => {
      const { totalFilters: { shard: exactly } } = await pagefind.search(`"${word}"`, { filters: { shard: "none" } })
      const lacking = await Promise.all(shards.filter(shard => !exactly[shard]).map(async shard => {
        const { results: [first] } = await pagefind.search(word, { filters: { shard } })
        return first && await begins(first, word) ? [] : [shard]
      }))
      return lacking.flat()
    })).then(lacking => [...new Set(lacking.flat())]).catch(error => { without.delete(query); throw error }))
  }
  return without.get(query)
}

/** Whether a result has a word that begins as one that was typed, but for the end, which may be inflected. */
async function begins({ data, words }, typed) {
  const fragment = await data()
  const start = wordsOf(typed).join("").slice(0, Math.max(1, typed.length - 3))
  return wordsIn(fragment).filter((_, place) => words.includes(place)).some(word => wordsOf(word).some(part => part.startsWith(start)))
}

/** How many hits each value of a facet has, had the reader chosen none of that facet: {value: count}. */
async function counts(facet, found, chosen, searches) {
  const pagefind = await prepare()
  if (!opened.has(facet)) {
    opened.add(facet)
    await pagefind.preload(EVERY, { filters: { [facet]: { any: ["-"] } } })
    found = null
  }
  if (!found || chosen.facets?.[facet]?.length) found = await searches(filtersOf(chosen, facet))
  const [texts, mentions, both] = found.map(answer => answer.filters[facet] ?? {})
  const values = new Set([...Object.keys(texts), ...Object.keys(mentions)])
  return Object.fromEntries([...values].map(value => [value, (texts[value] ?? 0) + (mentions[value] ?? 0) - (both[value] ?? 0)]))
}

/** The place of each document in the order of time, newest first: {id: number}. Shards are stretches of time, the newest first. */
function datesOf(pagefind) {
  order ??= Promise.all(shards.map(shard => pagefind.search(EVERY, { filters: { shard }, sort: { date: "desc" } })))
    .then(found => new Map(found.flatMap(({ results }) => results).map(({ id }, place) => [id, place])))
  return order
}

/** The name of an entity that stands in an address. */
export async function nameOf(id) {
  const { results } = await (await prepare()).search(EVERY, { filters: { [bucketOf(id)]: { all: [`=${id}`] } } })
  return results.length ? (await results[0].data()).meta.title : id
}

export { entitiesFor }
