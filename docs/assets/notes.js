// Notes: the page's own text about its entities. Everything that cards and switches show comes from here.

const source = document.querySelector("[data-source-text]")

/** The mentions of the text, in order: links and, where a mention is not the first of its section, spans. */
export const mentions = [...(source?.querySelectorAll("[data-entity]") ?? [])]

/** The list item that tells about a mention's entity. */
export const noteOf = mention =>
  document.getElementById(`n-${mention.dataset.entity}`)?.closest("li")

/** The kind of a mention's entity. */
export const kindOf = mention =>
  document.getElementById(`n-${mention.dataset.entity}`)?.dataset.kind

/** The way from a mention to its entry. */
export const entryOf = mention =>
  noteOf(mention)?.querySelector("a")?.getAttribute("href")

/** Why these very words are linked. */
export const reasonOf = mention =>
  noteOf(mention)?.querySelector(`a[href="#${mention.id}"]`)?.closest("li").querySelector(".archive-reason")

/** The mentions of the same entity. */
export const alike = mention => mentions.filter(other => other.dataset.entity === mention.dataset.entity)

/** Make an element. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

// On paper an address that is relative to the page leads nowhere.
for (const link of document.querySelectorAll(".archive-notes > ol > li > p > a:first-child")) link.dataset.address = link.href
