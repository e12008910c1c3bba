// The page of search: facets, order, pages; all that a reader chose stands in the address.
import { entitiesFor, FACETS, find, nameOf, prepare } from "./engine.js"
import { counted, hitOf, make, marked, offerOf } from "./results.js"

const EACH = 10 // hits a page
const VALUES = 8 // of a facet, before a reader asks for more
const MORE = 50 // at most, then; the rest is found by typing
const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" })
const shownAs = { language: nameOfLanguage }

const place = document.getElementById("search")
const asked = make("input", { type: "search", id: "search-words", dir: "auto", autocomplete: "off", spellcheck: false })
const order = make("select", { id: "search-order" }, make("option", { value: "", textContent: "Best first" }),
  make("option", { value: "date", textContent: "Newest first" }))
const status = make("p", { className: "archive-search-status" })
const offered = make("ul", { className: "archive-offers" })
const list = make("ol", { className: "archive-hits" })
const pages = make("nav", { className: "archive-pager" })
const facets = make("aside", { className: "archive-facets" })
const groups = new Map()
let run = 0

function nameOfLanguage(tag) {
  try {
    return LANGUAGES.of(tag) ?? tag
  } catch {
    return tag // an address may say anything
  }
}

/** What the address says: {query, facets, entities, byDate, page}. */
function chosen() {
  const said = new URLSearchParams(location.search)
  return {
    query: (said.get("q") ?? "").trim(),
    facets: Object.fromEntries(Object.keys(FACETS).map(facet => [facet, said.getAll(facet)])),
    entities: said.getAll("entity"),
    byDate: said.get("sort") === "date",
    page: Math.max(1, Number(said.get("page")) || 1),
  }
}

/** The address of a choice that differs from the present one; another choice begins at its first page. */
function addressOf(change) {
  const said = new URLSearchParams(location.search)
  said.delete("page")
  change(said)
  for (const [key, value] of [...said]) if (!value) said.delete(key, value)
  return `${location.pathname}${said.size ? `?${said}` : ""}`
}

function go(change, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", addressOf(change))
  return show()
}

const toggled = (key, value, on) => said => {
  const kept = said.getAll(key).filter(one => one !== value)
  said.delete(key)
  for (const one of on ? [...kept, value] : kept) said.append(key, one)
}

async function show() {
  const number = ++run
  const wanted = chosen()
  if (document.activeElement !== asked) asked.value = wanted.query
  order.value = wanted.byDate ? "date" : ""
  place.setAttribute("aria-busy", "true")
  try {
    const { offers, meant, hits, counts } = await find(wanted)
    const first = (wanted.page - 1) * EACH
    const found = await Promise.all(hits.slice(first, first + EACH).map(hitOf))
    if (number !== run) return
    offered.replaceChildren(...offers.map(offerOf).map(({ address, title, meta }) =>
      make("li", {}, make("a", { href: address, textContent: title, dir: "auto" }), " ", make("span", { className: "archive-meta", textContent: meta }))))
    status.textContent = sayFound(wanted, hits.length, first, meant)
    list.start = first + 1
    list.replaceChildren(...found.map(item))
    showPages(wanted.page, Math.ceil(hits.length / EACH))
    await Promise.all([...groups.values()].map(group => group.show(wanted, counts)))
  } catch (error) {
    if (number === run) status.textContent = error.message
  } finally {
    if (number === run) place.removeAttribute("aria-busy")
  }
}

function sayFound({ query }, total, first, meant) {
  if (!total) return query ? `Nothing was found for “${query}”. Fewer words or filters find more.` : "Nothing has all of these."
  const part = total > EACH ? `${(first + 1).toLocaleString("en")}–${Math.min(first + EACH, total).toLocaleString("en")} of ` : ""
  return `${part}${counted(total, "result")}.${meant ? ` First those that mention ${meant.names[0]} under any name.` : ""}`
}

function item({ address, title, meta, excerpt, language }) {
  return make("li", {},
    make("a", { className: "archive-hit-title", href: address, textContent: title, dir: "auto", lang: language ?? "" }),
    make("p", { className: "archive-meta", textContent: meta }),
    make("p", { className: "archive-excerpt", lang: language ?? "", dir: "auto" }, ...marked(excerpt)))
}

function showPages(page, last) {
  const near = [...new Set([1, page - 2, page - 1, page, page + 1, page + 2, last])].filter(n => n >= 1 && n <= last)
  pages.hidden = last < 2
  pages.replaceChildren(...near.flatMap((n, at) => [
    at && n - near[at - 1] > 1 ? "… " : "",
    n === page ? make("strong", { textContent: String(n), ariaCurrent: "page" })
      : link(String(n), said => said.set("page", String(n)), () => { asked.scrollIntoView(); status.focus() }),
    " ",
  ]))
}

function link(textContent, change, then = () => {}) {
  return make("a", { textContent, href: addressOf(change), onclick: event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    go(change).then(then)
  } })
}

/** A facet: its values with counts, those with most hits first; looked up when a reader opens it. */
function facetOf(key, label) {
  const values = make("div", { className: "archive-values" })
  const filter = make("input", { type: "search", placeholder: "Find one", ariaLabel: `${label}: find one`, hidden: true, oninput: () => draw() })
  const more = make("button", { type: "button", textContent: "More", hidden: true, onclick: () => { wide = true; draw() } })
  const group = make("details", { className: "archive-facet" }, make("summary", { textContent: label }), filter, values, more)
  let [known, picked, wide, latest] = [[], [], false, null]
  group.addEventListener("toggle", () => latest && update())

  async function update() {
    if (!group.open) return
    const counts = await latest.counts(key)
    picked = latest.wanted.facets[key]
    for (const value of picked) counts[value] ??= 0
    const byValue = key === "year" ? ([a], [b]) => b.localeCompare(a, "en", { numeric: true }) : ([a, n], [b, m]) => m - n || a.localeCompare(b)
    known = Object.entries(counts).filter(([value, count]) => count || picked.includes(value)).sort(byValue)
    draw()
  }

  function draw() {
    const words = filter.value.trim().toLowerCase()
    const fitting = known.filter(([value]) => (shownAs[key]?.(value) ?? value).toLowerCase().includes(words))
    const shown = fitting.filter(([value], n) => picked.includes(value) || n < (wide ? MORE : VALUES))
    filter.hidden = known.length <= VALUES
    more.hidden = wide || fitting.length <= VALUES
    const focused = values.querySelector(":focus")?.value
    values.replaceChildren(...shown.map(([value, count]) => make("label", { dir: "auto" },
      make("input", { type: "checkbox", value, checked: picked.includes(value), onchange: event => go(toggled(key, value, event.target.checked)) }),
      ` ${shownAs[key]?.(value) ?? value} `, make("span", { className: "archive-meta", textContent: count.toLocaleString("en") }))))
    if (focused !== undefined) [...values.querySelectorAll("input")].find(({ value }) => value === focused)?.focus()
  }

  return { group, show: (wanted, counts) => {
    latest = { wanted, counts }
    if (wanted.facets[key].length) group.open = true
    return update()
  } }
}

/** The facet of entities: thousands of them, so a reader types a name. */
function entityFacet() {
  const picked = make("div", { className: "archive-values" })
  const proposed = make("div", { className: "archive-values" })
  const label = "Mentions"
  const group = make("details", { className: "archive-facet" }, make("summary", { textContent: label }), picked)
  let latest = null
  let number = 0
  const typed = make("input", { type: "search", placeholder: "A name", ariaLabel: `${label}: a name`, dir: "auto", oninput: () => propose() })
  group.append(typed, proposed)

  async function propose() {
    const mine = ++number
    await prepare()
    const named = typed.value.trim() ? (await entitiesFor(typed.value)).slice(0, VALUES) : []
    const found = await Promise.all(named.map(async ({ entity }) =>
      [entity, (await find({ ...latest, entities: [...latest.entities, entity.id] })).hits.length]))
    if (mine !== number) return
    proposed.replaceChildren(...found.map(([entity, count]) => make("button", {
      type: "button", dir: "auto", disabled: !count, onclick: () => { typed.value = ""; proposed.replaceChildren(); go(toggled("entity", entity.id, true)) },
    }, `${entity.names[0]} `, make("span", { className: "archive-meta", textContent: count.toLocaleString("en") }))))
  }

  return { group, show: async wanted => {
    latest = wanted
    if (wanted.entities.length) group.open = true
    const names = await Promise.all(wanted.entities.map(nameOf))
    picked.replaceChildren(...wanted.entities.map((id, n) => make("label", { dir: "auto" },
      make("input", { type: "checkbox", checked: true, onchange: () => go(toggled("entity", id, false)) }), ` ${names[n]}`)))
  } }
}

function build() {
  const form = make("form", { className: "archive-search-form", onsubmit: event => { event.preventDefault(); go(said => said.set("q", asked.value)) } },
    make("label", { htmlFor: asked.id, textContent: "Words or a name" }), asked,
    make("label", { htmlFor: order.id, textContent: "Order" }), order)
  form.setAttribute("role", "search")
  form.setAttribute("aria-label", "Search the archive")
  status.setAttribute("role", "status")
  status.tabIndex = -1
  pages.setAttribute("aria-label", "Pages")
  facets.setAttribute("aria-label", "Filters")
  offered.setAttribute("aria-label", "Entries")
  for (const [key, label] of Object.entries(FACETS)) groups.set(key, facetOf(key, label))
  groups.set("entity", entityFacet())
  facets.append(...[...groups.values()].map(({ group }) => group))
  groups.get("type").group.open = matchMedia("(min-width: 45em)").matches
  place.replaceChildren(form, facets, make("div", { className: "archive-found" }, offered, status, list, pages))
  let waiting = 0
  asked.addEventListener("input", () => {
    place.setAttribute("aria-busy", "true")
    clearTimeout(waiting)
    waiting = setTimeout(() => go(said => said.set("q", asked.value), { replace: true }), 200)
  })
  order.addEventListener("change", () => go(said => said.set("sort", order.value)))
  addEventListener("popstate", show)
}

build()
show()
