// Citations: buttons to copy or download what stands under "How to cite".
import { make } from "./notes.js"

for (const form of document.querySelectorAll(".archive-cite pre:not([data-ready])")) {
  form.dataset.ready = ""
  const said = make("span", { className: "archive-meta" })
  said.setAttribute("role", "status")
  const copy = make("button", { type: "button", textContent: "Copy", onclick: async () => {
    try {
      await navigator.clipboard.writeText(form.textContent)
      said.textContent = "Copied"
    } catch {
      getSelection().selectAllChildren(form) // no clipboard on plain http: the reader's own shortcut works
      said.textContent = "Selected"
    }
  } })
  const download = make("button", { type: "button", textContent: "Download", onclick: () => {
    const url = URL.createObjectURL(new Blob([form.textContent]))
    make("a", { href: url, download: form.dataset.name }).click()
    setTimeout(URL.revokeObjectURL, 1000, url)
  } })
  form.after(make("p", { className: "archive-cite-buttons" }, copy, " ", download, " ", said))
}
