// Cards: who a mention means, beside the words. Text comes from the notes of the page; nothing is asked for.
import { alike, entryOf, make, mentions, noteOf, reasonOf } from "./notes.js"
import { step } from "./walk.js"

const OPEN_AFTER = 400 // ms of hovering; Wikipedia waits 500
const GRACE = 300 // ms for the way from the mention to its card

let card = null // the open one
let owner = null // its mention
let opening = 0
let closing = 0
let silent = false // while focus returns to a mention

/** The mention that an event is about, where readers see it as a link. */
function mentionAt(target) {
  const link = target instanceof Element && target.closest("[data-source-text] a.mention[href]")
  return link ? link.closest("[data-entity]") : null
}
const linkOf = mention => (mention.matches("a") ? mention : mention.firstElementChild)

function content(mention) {
  const [heading, meta, description] = ["a", ".archive-meta", ".archive-description"].map(
    selector => noteOf(mention).querySelector(selector)?.cloneNode(true))
  heading.className = "archive-card-name"
  const why = make("p", { className: "archive-card-why" }, "Linked because ", ...reasonOf(mention)?.cloneNode(true).childNodes ?? [], ".")
  return [make("p", {}, heading, " ", meta ?? ""), make("p", {}, description ?? ""), why]
}

function build(mention) {
  const all = alike(mention)
  const made = make("div", { className: "archive-card md-typeset", id: "archive-card", lang: "en", dir: "ltr" }, ...content(mention))
  made.setAttribute("role", "dialog")
  made.setAttribute("aria-label", noteOf(mention).querySelector("a").textContent)
  const buttons = make("p", { className: "archive-card-buttons" },
    make("a", { href: entryOf(mention), textContent: "Entry" }),
    make("button", { type: "button", textContent: "Pin", className: "archive-card-pin", onclick: () => pin(mention) }))
  if (all.length > 1) {
    buttons.append(make("button", {
      type: "button", textContent: `Next mention (${all.indexOf(mention) + 1} of ${all.length})`,
      onclick: () => { close(); step(mention, 1) },
    }))
  }
  buttons.append(make("button", { type: "button", textContent: "Close", className: "archive-card-close", onclick: () => { back(); close() } }))
  made.append(buttons)
  made.onpointerenter = () => clearTimeout(closing)
  made.onpointerleave = event => { if (event.pointerType === "mouse") closeSoon() }
  return made
}

/** Beside the line that was pointed at: a mention may be broken over two. */
function place(mention) {
  const rects = [...linkOf(mention).getClientRects()]
  const rect = rects[0]
  const { offsetWidth: width, offsetHeight: height } = card
  const room = document.documentElement.clientWidth
  const left = Math.max(8, Math.min(rect.left, room - width - 8))
  const below = rects.at(-1).bottom
  const above = below + height + 8 > innerHeight && rect.top - height - 6 > 0
  card.style.left = `${left + scrollX}px`
  card.style.top = `${(above ? rect.top - height - 6 : below + 6) + scrollY}px`
}

function open(mention) {
  clearTimeout(opening)
  clearTimeout(closing)
  if (owner === mention) return
  close()
  if (!noteOf(mention)) return
  owner = mention
  card = build(mention)
  document.body.append(card)
  place(mention)
  linkOf(mention).setAttribute("aria-expanded", "true")
}

function close() {
  clearTimeout(opening)
  clearTimeout(closing)
  if (!card) return
  linkOf(owner)?.removeAttribute("aria-expanded")
  card.remove()
  card = owner = null
}

function closeSoon() {
  clearTimeout(opening)
  clearTimeout(closing)
  closing = setTimeout(close, GRACE)
}

/** Give the focus back to the mention without opening its card anew. */
function back() {
  if (!card.contains(document.activeElement)) return
  silent = true
  linkOf(owner).focus({ preventScroll: true })
  silent = false
}

/** Keep a copy at the side, one an entity. */
function pin(mention) {
  const side = document.querySelector(".md-sidebar--secondary .md-sidebar__inner")
  let rail = document.querySelector(".archive-rail")
  if (!rail) {
    rail = make("aside", { className: "archive-rail md-typeset", lang: "en", dir: "ltr" })
    rail.setAttribute("aria-label", "Pinned")
    side.append(rail)
  }
  rail.querySelector(`[data-entity="${mention.dataset.entity}"]`)?.remove()
  const pinned = make("section", {}, ...content(mention),
    make("button", { type: "button", textContent: "Unpin", onclick: () => pinned.remove() }))
  pinned.dataset.entity = mention.dataset.entity
  rail.append(pinned)
  back()
  close()
}

/** Tab goes from a mention into its card and from the card's end to what follows the mention. */
function tab(event) {
  const inside = [...card.querySelectorAll("a, button")].filter(element => element.offsetParent)
  const at = inside.indexOf(document.activeElement)
  if (at < 0 && document.activeElement === linkOf(owner) && !event.shiftKey) {
    inside[0].focus()
    event.preventDefault()
  } else if (at === 0 && event.shiftKey) {
    back()
    event.preventDefault()
  } else if (at >= 0 && at === inside.length - 1 && !event.shiftKey) {
    back() // the browser goes on from here
    close()
  }
}

if (mentions.length && !document.documentElement.dataset.archiveCards) {
  document.documentElement.dataset.archiveCards = "on"
  document.addEventListener("pointerover", event => {
    const mention = event.pointerType === "mouse" && mentionAt(event.target)
    if (!mention) return
    clearTimeout(closing)
    clearTimeout(opening)
    if (mention !== owner) opening = setTimeout(open, OPEN_AFTER, mention)
  })
  document.addEventListener("pointerout", event => {
    if (event.pointerType === "mouse" && mentionAt(event.target)) closeSoon()
  })
  document.addEventListener("focusin", event => {
    const mention = mentionAt(event.target)
    if (mention && !silent && event.target.matches(":focus-visible")) open(mention)
    else if (card && !card.contains(event.target) && !mention) close()
  })
  let touch = false
  document.addEventListener("pointerdown", event => { touch = event.pointerType !== "mouse" }, true)
  document.addEventListener("click", event => {
    const mention = mentionAt(event.target)
    if (mention && touch && mention !== owner) {
      event.preventDefault()
      open(mention)
    } else if (card && !mention && !card.contains(event.target)) close()
  })
  document.addEventListener("keydown", event => {
    if (!card) return
    if (event.key === "Escape") {
      back()
      close()
      event.stopPropagation()
    } else if (event.key === "Tab") tab(event)
  }, true)
}
