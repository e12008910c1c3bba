// The search box in the header. What it searches with is loaded when a reader turns to it.
const box = document.querySelector(".md-search")
const input = box?.querySelector(".md-search__input")
const toggle = document.getElementById("__search")
const list = box?.querySelector(".md-search-result__list")
const status = box?.querySelector(".md-search-result__meta")
const SHOWN = 8
const PAUSE = 120 // ms without a key

let tools = null
let asked = 0
let active = -1

function load() {
  tools ??= Promise.all([import("./search/engine.js"), import("./search/results.js")])
    .then(([engine, results]) => ({ ...engine, ...results }))
  return tools.then(loaded => { loaded.prepare().catch(() => {}); return loaded })
}

const options = () => [...list.querySelectorAll("[role=option]")]

function open() {
  toggle.checked = true
  load()
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
  if (!query) return show([], "Type to search", false)
  try {
    const { find, hitOf, offerOf, marked, make, counted } = await load()
    const { offers, hits } = await find({ query })
    if (number !== asked) return
    const named = offers.map(offerOf)
    const found = await Promise.all(hits.slice(0, SHOWN).map(hitOf))
    if (number !== asked) return
    const items = [...named, ...found].map(({ address, title, meta, excerpt, language }, n) => {
      const option = make("a", { className: "md-search-result__link", href: address, id: `search-${n}`, tabIndex: -1 },
        make("article", { className: "md-search-result__article md-typeset" },
          make("div", { className: "archive-hit-title", dir: "auto", textContent: title }),
          make("div", { className: "archive-meta", textContent: meta }),
          ...excerpt ? [make("div", { className: "archive-excerpt", lang: language ?? "", dir: "auto" }, ...marked(excerpt))] : []))
      return option
    })
    if (hits.length) {
      const all = new URL(input.form.action)
      all.searchParams.set("q", query)
      items.push(make("a", { className: "md-search-result__link archive-all", href: all.href, id: "search-all", tabIndex: -1,
        textContent: hits.length > SHOWN ? `All ${counted(hits.length, "result")}` : "Search with filters" }))
    }
    show(items, hits.length || named.length ? counted(hits.length, "result") : "Nothing was found", items.length > 0)
  } catch (error) {
    if (number === asked) show([], error.message, false)
  }
}

function show(items, words, expanded) {
  status.textContent = words
  list.removeAttribute("aria-busy")
  list.replaceChildren(...items.map(option => {
    option.setAttribute("role", "option")
    const item = document.createElement("li")
    item.className = "md-search-result__item"
    item.setAttribute("role", "none")
    item.append(option)
    return item
  }))
  input.setAttribute("aria-expanded", String(expanded))
  choose(-1)
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
