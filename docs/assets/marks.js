// Marks: which mentions readers see as links. First of each section, all or none; kinds on and off; remembered.
import { entryOf, kindOf, make, mentions } from "./notes.js"

const KEY = "archive.marks"
const DENSITIES = { first: "First in each section", all: "Every mention", none: "None" }

/** Read what the reader chose before; storage may be forbidden, and may hold anything. */
function remembered() {
  const chosen = { density: "first", hidden: [] }
  try {
    const { density, hidden } = JSON.parse(localStorage.getItem(KEY))
    if (Object.hasOwn(DENSITIES, density)) chosen.density = density
    if (Array.isArray(hidden)) chosen.hidden = hidden.map(String)
  } catch { /* nothing is remembered */ }
  return chosen
}

const choice = remembered()
/** A mention's link: itself, or one that is put into its span while every mention is shown. */
const first = new Set(mentions.filter(mention => mention.matches("a")))

function show() {
  for (const mention of mentions) {
    const seen = choice.density !== "none" && (choice.density === "all" || first.has(mention))
      && !choice.hidden.includes(kindOf(mention))
    if (first.has(mention)) {
      if (seen) mention.setAttribute("href", entryOf(mention))
      else mention.removeAttribute("href")
    } else if (seen && !mention.firstElementChild) {
      const link = make("a", { className: "mention" }, ...mention.childNodes)
      link.setAttribute("href", entryOf(mention))
      mention.append(link)
    } else if (!seen && mention.firstElementChild) {
      mention.replaceChildren(...mention.firstElementChild.childNodes)
    }
  }
}

function choose(change) {
  Object.assign(choice, change)
  try { localStorage.setItem(KEY, JSON.stringify(choice)) } catch { /* for this page only */ }
  show()
}

function switches() {
  const kinds = [...new Set(mentions.map(kindOf))].filter(Boolean).sort()
  const densities = make("fieldset", {}, make("legend", { textContent: "Marked words" }),
    ...Object.entries(DENSITIES).map(([value, label]) => make("label", {}, make("input", {
      type: "radio", name: "archive-density", value, checked: choice.density === value,
      onchange: () => choose({ density: value }),
    }), ` ${label}`)))
  const byKind = make("fieldset", {}, make("legend", { textContent: "Kinds" }),
    ...kinds.map(kind => make("label", {}, make("input", {
      type: "checkbox", value: kind, checked: !choice.hidden.includes(kind),
      onchange: event => choose({
        hidden: event.target.checked ? choice.hidden.filter(other => other !== kind) : [...choice.hidden, kind],
      }),
    }), ` ${kind}`)))
  return make("details", { className: "archive-marks" }, make("summary", { textContent: "Marks" }), densities, byKind)
}

const place = document.querySelector(".archive-switches")
if (place && !place.firstElementChild) {
  const box = switches()
  box.lang = "en"
  box.dir = "ltr"
  place.append(box)
  show()
}
