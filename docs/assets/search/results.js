// Results: hits as readers see them. Every word is inserted as text.
const site = new URL("../../", import.meta.url) // of assets/search/
const LENGTH = 30 // words of an excerpt
const BEFORE = 8 // of them, those before the first that was found

export function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties)
  node.append(...children)
  return node
}

export const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`

/** The entry of an entity that a query names: {address, title, meta}. */
export function offerOf({ entity, name }) {
  const [own] = entity.names
  const also = name === own ? "" : ` · ${name}`
  return { address: new URL(`glossary/${entity.id}/`, site).href, title: own, meta: `${entity.kind}${also} · ${counted(entity.articles, "article")}` }
}

/** The words of a fragment of the index, at the places that results name; the last one stands in every document. */
export function wordsIn({ raw_content }) {
  const raw = raw_content.replaceAll("&lt;", "<").replaceAll("&gt;", ">")
  return (raw.includes("\u200b") ? raw.split("\u200b") : raw.split(/\s+/)).slice(0, -1)
}

/** A hit: {address, title, meta, language, excerpt: [{text, found}]}; the address leads to the mention or the section. */
export async function hitOf({ result, meant, named }) {
  const data = await result.data()
  const words = wordsIn(data)
  const mention = meant && data.anchors.find(({ id }) => id === `m-${meant.id}-1`)
  const places = named && mention ? [...Array(mention.text.split(/\s+/).length).keys()].map(n => mention.location + n) : result.words
  const section = named ? null : sectionOf(data.anchors, places)
  const first = section ? places.find(place => place >= section.location) : places[0] ?? 0
  const start = Math.max(section?.location ?? 0, first - BEFORE)
  const found = new Set(places)
  const excerpt = words.slice(start, start + LENGTH).map((text, n) => ({ text: text.replaceAll("\u200b", ""), found: found.has(start + n) }))
  if (start > 0) excerpt.unshift({ text: "…" })
  if (start + LENGTH < words.length) excerpt.push({ text: "…" })
  const anchor = named ? mention?.id : section?.id
  const { title, date, outlet, kind, language, description } = data.meta
  return {
    address: new URL(data.raw_url.replace(/^\//, ""), site).href + (anchor ? `#${anchor}` : ""),
    title,
    language,
    meta: [date, outlet, kind, meant && `mentions ${meant.names[0]}`].filter(Boolean).join(" · "),
    excerpt: description && !section ? [{ text: description }] : excerpt,
  }
}

/** The paragraph or section that has most of the words, the first of several; none where only the title has them. */
function sectionOf(anchors, places) {
  const sections = anchors.filter(({ id }) => !id.startsWith("m-"))
  const counts = new Map()
  for (const place of new Set(places)) {
    const section = sections.findLast(({ location }) => location <= place)
    if (section) counts.set(section, (counts.get(section) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].location - b[0].location)[0]?.[0]
}

/** Words of a text, those that were found marked. */
export function marked(excerpt) {
  return excerpt.flatMap(({ text, found }) => [found ? make("mark", { textContent: text }) : text, " "])
}
