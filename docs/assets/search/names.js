// Names: which entries a reader may mean. The tables by which names are compared come with the index.
const NEAR = [[8, 2], [4, 1]] // letters that a word must have, mistakes that it may have

let tables = null
let base = ""
const pieces = new Map()

export function prepareNames(known, folder) {
  tables = known
  base = folder
}

/** The words of a name without case, accents, marks and particles. The same as `words_of` of generator/publish/names.py. */
export function wordsOf(name) {
  const spelled = [...name].map(letter => tables.letters[letter] ?? letter).join("").toLowerCase()
  const bare = spelled.normalize("NFD").replace(/[\p{M}.'\u2019\u02bc\u0640]/gu, "").replaceAll("ß", "ss")
  const words = bare.match(/[\p{L}\p{N}]+/gu) ?? []
  const kept = words.filter(word => !tables.particles.includes(word))
  return kept.length ? kept.map(word => word.replace(new RegExp(tables.prefixes, "u"), "")) : words
}

export function soundOf(word) {
  for (const [pattern, replacement] of tables.sounds) word = word.replace(new RegExp(pattern, "gu"), replacement)
  return word.replace(/(.)\1+/gu, "$1")
}

/**
 * The entries whose names a query holds or begins, best first: {entity, name, whole, part}. `whole`: the query is that
 * name; `part`: it is some words of it.
 */
export async function entitiesFor(query) {
  const asked = wordsOf(query).slice(0, 6).flatMap((word, at) => spellings(word).map(spelling => ({ ...spelling, at })))
  if (!asked.length) return []
  const keys = new Set(asked.map(({ sound }) => [...sound].slice(0, tables.depth)
    .map(letter => letter.codePointAt(0).toString(16)).join("-")))
  const fetched = await Promise.all([...keys].filter(key => tables.pieces.includes(key)).map(piece))
  const found = new Map()
  for (const entity of fetched.flat()) {
    if (found.has(entity.id)) continue
    const best = entity.names.map(name => ({ entity, name, ...compare(asked, wordsOf(name)) }))
      .filter(match => match.rank < Infinity).sort((a, b) => a.rank - b.rank)[0]
    if (best) found.set(entity.id, best)
  }
  const all = [...found.values()].sort((a, b) => a.rank - b.rank || b.entity.articles - a.entity.articles)
  return all.some(({ rank }) => rank === 0) ? all.filter(({ cost }) => cost < 1) : all
}

/** The entity that a query means: the one of that name, or the only one of whose name it is a part; otherwise null. */
export function meantBy(offers) {
  const whole = offers.filter(offer => offer.whole)
  if (whole.length) return (whole.find(({ entity }) => entity.articles) ?? whole[0]).entity
  const parts = offers.filter(offer => offer.part)
  return parts.length === 1 ? parts[0].entity : null
}

/** Whether a query of one word may as well be a word of its own, and no misspelt name: "market", and Merkel. */
export const isDoubtful = (query, offers) => offers.some(({ cost }) => cost >= 1) && wordsOf(query).length === 1

function piece(key) {
  if (!pieces.has(key)) pieces.set(key, fetch(`${base}names/${key}.json`).then(answer => answer.json()))
  return pieces.get(key)
}

/** A typed word, and without an article that was written together with it: "alsharaa". */
function spellings(word) {
  const bare = word.length > 5 && word.match(/^[ae]l(.+)$/u)?.[1]
  return [word, ...bare ? [bare] : []].map(plain => ({ word: plain, sound: soundOf(plain) }))
}

/**
 * How far a query is from a name. Below 1: the query is the name, misspelt above 0; 1: it is the beginning or a part of
 * the name; 2: it holds the name and more.
 */
function compare(asked, name) {
  const last = Math.max(...asked.map(({ at }) => at))
  const free = [...name]
  let cost = 0
  let begun = false
  let matched = 0
  for (let at = 0; at <= last; at += 1) {
    const options = free.flatMap((word, place) => asked.filter(one => one.at === at)
      .map(one => ({ place, ...distance(one, word, at === last) })))
    const best = options.sort((a, b) => a.cost - b.cost)[0]
    if (!best || best.cost === Infinity) continue
    matched += 1
    cost += best.cost
    begun ||= best.begun
    free.splice(best.place, 1)
  }
  if (matched === last + 1) return { rank: (free.length || begun ? 1 : 0) + cost / 10, cost, whole: !free.length && !begun, part: !begun }
  return { rank: !free.length && !begun && cost === 0 ? 2 : Infinity, cost, whole: false, part: false }
}

function distance({ word, sound }, other, typing) {
  if (word === other) return { cost: 0 }
  if (typing && other.startsWith(word)) return { cost: 0.5, begun: true }
  const heard = soundOf(other)
  if (sound === heard) return { cost: 1 }
  const allowed = NEAR.find(([letters]) => Math.min(sound.length, heard.length) >= letters)?.[1] ?? 0
  const mistakes = allowed ? edits(sound, heard, allowed) : Infinity
  return { cost: mistakes <= allowed ? 1 + mistakes : Infinity }
}

/** Letters inserted, left out, changed or swapped with their neighbours; the optimal string alignment distance. */
function edits(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return Infinity
  let [before, above] = [[], [...Array(b.length + 1).keys()]]
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
    }
    ;[before, above] = [above, row]
  }
  return above[b.length]
}
