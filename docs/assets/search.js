// The search box in the header. What it searches with is loaded when a reader turns to it.
const box = document.querySelector(".md-search")
const input = box?.querySelector(".md-search__input")
const toggle = document.getElementById("__search")
const list = box?.querySelector(".md-search-result__list")
const status = box?.querySelector(".md-search-result__meta")
const SHOWN = 8
const PAUSE = 120 // ms without a key

let loading = null
let tools = null
let asked = 0
let active = -1

async function load() {
  loading ??= Promise.all([import("./search/engine.js"), import("./search/results.js")]).catch(error => { loading = null; throw error })
  const [engine, results] = await loading
  tools = { ...engine, ...results }
  tools.prepare().catch(() => {}) // who searches is told
}

const options = () => [...list.querySelectorAll("[role=option]")]

function open() {
  toggle.checked = true
  load().catch(() => {})
}

function close() {
  toggle.checked = false
  choose(-1)
  input.setAttribute("aria-expanded", "false")
  input.blur()
}

function choose(place) {
  active = place
  options().forEach((option, n) => option.setAttribute("aria-selected", String(n === place)))
  const option = options()[place]
  if (option) input.setAttribute("aria-activedescendant", option.id)
  else input.removeAttribute("aria-activedescendant")
  option?.scrollIntoView({ block: "nearest" })
}

async function search() {
  const number = ++asked
  const query = input.value.trim()
  const present = () => number === asked
  try {
    if (query) await load()
    const early = query ? await tools.offersFor(query) : []
    if (early.length && present()) show(early.map(optionOf), "Searching …")
    const { offers, hits } = query ? await tools.find({ query }) : { offers: [], hits: [] }
    const found = await Promise.all(hits.slice(0, SHOWN).map(tools?.hitOf))
    if (!present()) return
    const items = [...offers.map(optionOf), ...found.map(linkTo), ...hits.length ? [wayToAll(query, hits.length)] : []]
    show(items, items.length ? tools.counted(hits.length, "result") : query ? "Nothing was found" : "Type to search")
  } catch (error) {
    if (present()) show([], error.message)
  } finally {
    if (present()) list.removeAttribute("aria-busy")
  }
}

const optionOf = offer => linkTo(tools.offerOf(offer))

function linkTo({ address, title, meta, excerpt, language }) {
  const { make, marked } = tools
  return make("a", { href: address },
    make("article", { className: "md-search-result__article md-typeset" },
      make("div", { className: "archive-hit-title", dir: "auto", textContent: title }),
      make("div", { className: "archive-meta", textContent: meta }),
      ...excerpt ? [make("div", { className: "archive-excerpt", lang: language ?? "", dir: "auto" }, ...marked(excerpt))] : []))
}

function wayToAll(query, total) {
  const all = new URL(input.form.action)
  all.searchParams.set("q", query)
  return tools.make("a", { className: "archive-all", href: all.href,
    textContent: total > SHOWN ? `All ${tools.counted(total, "result")}` : "Search with filters" })
}

/** Show options and say how many; what was chosen stays so where it stands in the same place. */
function show(items, words) {
  const before = options()[active]?.href
  status.textContent = words
  list.replaceChildren(...items.map((option, n) => {
    option.classList.add("md-search-result__link")
    option.id = `search-${n}`
    option.tabIndex = -1
    option.setAttribute("role", "option")
    const item = document.createElement("li")
    item.className = "md-search-result__item"
    item.setAttribute("role", "none")
    item.append(option)
    return item
  }))
  input.setAttribute("aria-expanded", String(items.length > 0))
  choose(before && before === items[active]?.href ? active : -1)
}

let waiting = 0
if (box) {
  input.setAttribute("role", "combobox")
  input.setAttribute("aria-autocomplete", "list")
  input.setAttribute("aria-expanded", "false")
  input.setAttribute("aria-controls", list.id)
  input.addEventListener("focus", open)
  input.addEventListener("input", () => {
    list.setAttribute("aria-busy", "true")
    clearTimeout(waiting)
    waiting = setTimeout(search, PAUSE)
  })
  input.form.addEventListener("reset", () => { setTimeout(() => { input.focus(); search() }) })
  input.form.addEventListener("submit", event => {
    const option = options()[active]
    if (option) {
      event.preventDefault()
      option.click()
    }
  })
  toggle.addEventListener("change", () => (toggle.checked ? input.focus() : close()))
  list.addEventListener("click", event => { if (event.target.closest("a")) close() })
  input.addEventListener("keydown", event => {
    const last = options().length - 1
    if (event.key === "ArrowDown") choose(active >= last ? -1 : active + 1)
    else if (event.key === "ArrowUp") choose(active < 0 ? last : active - 1)
    else if (event.key === "Escape" || event.key === "Tab") return close()
    else return
    event.preventDefault()
  })
  addEventListener("keydown", event => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !["/", "s", "f"].includes(event.key)) return
    event.preventDefault()
    input.focus()
  })
}
