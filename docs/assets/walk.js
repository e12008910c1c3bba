// Walk: from mention to mention of an entity, and back to where the reader was.
import { make, mentions, noteOf } from "./notes.js"

let bar = null
let from = null // {x, y, focus}: where the walk began

/** Go to the mention of the same entity that is `by` further on, round the end. */
export function step(mention, by) {
  const all = mentions.filter(other => other.dataset.entity === mention.dataset.entity)
  go(all, (all.indexOf(mention) + by + all.length) % all.length)
}

function go(all, at) {
  from ??= { x: scrollX, y: scrollY, focus: document.activeElement }
  const mention = all[at]
  location.replace(`#${mention.id}`) // one step back in the history leads away from the page, however far the walk
  bar?.remove()
  const button = (label, onclick) => make("button", { type: "button", textContent: label, onclick })
  bar = make("div", { className: "archive-bar md-typeset", lang: "en", dir: "ltr" },
    make("span", {}, noteOf(mention)?.querySelector("a").textContent ?? "", ` ${at + 1} of ${all.length} `),
    button("Previous", () => step(mention, -1)), button("Next", () => step(mention, 1)), button("Back", end))
  bar.setAttribute("role", "region")
  bar.setAttribute("aria-label", "Walk through the mentions")
  document.body.append(bar)
  bar.children[2].focus({ preventScroll: true })
}

function end() {
  const { x, y, focus } = from
  bar.remove()
  bar = from = null
  history.replaceState(history.state, "", location.pathname + location.search)
  focus?.focus({ preventScroll: true })
  scrollTo({ left: x, top: y, behavior: "instant" })
}

document.addEventListener("click", event => {
  const link = event.target instanceof Element && event.target.closest("a.archive-walk")
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const all = mentions.filter(mention => mention.dataset.entity === link.dataset.entity)
  if (!all.length) return
  event.preventDefault()
  go(all, 0)
})
document.addEventListener("keydown", event => { if (event.key === "Escape" && bar?.contains(document.activeElement)) end() })
