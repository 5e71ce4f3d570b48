# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Scripts that a browser runs for us on a page of a box: what is shown now, and whether more is still coming.

They change nothing on the page. What they tell is the page as a person sees it, written as plain HTML: what is typed,
ticked, chosen, greyed and hidden stands in attributes, trees in the shadow are written out, and each thing that can be
used carries a mark by which it is found again.
"""

from __future__ import annotations

MARK = "data-bt-mark"
DRAWN_FORM = "bt-drawn"  # the form of all that the page keeps outside forms

# Before any script of the page runs: trees in the shadow stay visible for `DESCRIBE`.
OPEN_SHADOWS = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, {...options, mode: "open"}); };
"""

# What an application keeps in the browser: put back once, before its own scripts ask for it.
REMEMBER = """
const kept = %s;
for (const [store, entries] of [[localStorage, kept.local], [sessionStorage, kept.session]]) {
  for (const [name, value] of Object.entries(entries)) { if (store.getItem(name) === null) store.setItem(name, value); }
}
"""
KEPT = "() => ({local: {...localStorage}, session: {...sessionStorage}})"

# Resolves when nothing on the page has changed for some milliseconds, or when `most` have passed all the same.
QUIET = """
([quiet, most]) => new Promise(resolve => {
  let timer;
  const seen = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(end, quiet, true); });
  const limit = setTimeout(() => end(false), most);
  const options = {subtree: true, childList: true, attributes: true, characterData: true};
  const watch = root => {
    seen.observe(root, options);
    for (const each of root.querySelectorAll("*")) { if (each.shadowRoot) watch(each.shadowRoot); }
  };
  const shown = each => each.checkVisibility({visibilityProperty: true});
  const found = (root, what) => [...root.querySelectorAll("*")].some(
    each => (each.matches(what) && shown(each)) || (each.shadowRoot && found(each.shadowRoot, what)));
  const end = still => {
    clearTimeout(timer); clearTimeout(limit); seen.disconnect();
    resolve({
      still: still && document.readyState !== "loading",
      busy: found(document, "[aria-busy=true]"),
      usable: found(document, "a[href], button, input, select, textarea, [role=button], [role=link], [role=menuitem]"),
    });
  };
  watch(document);
  timer = setTimeout(end, quiet, true);
})
"""

# What is read on the page, and how many things can be used: tells whether an act has changed it.
SHOWN = """
() => {
  const told = root => {
    const inner = [...root.querySelectorAll("*")].filter(each => each.shadowRoot).map(each => told(each.shadowRoot));
    const text = root.body ? root.body.innerText : [...root.children].map(each => each.innerText || "").join(" ");
    return [...inner, text, root.querySelectorAll("a, button, input, select, textarea, [role]").length].join(" ");
  };
  return told(document);
}
"""

# Gives `html`, and for each mark, by its number, its element and how it reads.
DESCRIBE = """
prefix => {
  const elements = [], reads = [];
  const empty = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
  const unseen = new Set("style noscript template link meta iframe frame object svg canvas video audio".split(" "));
  const native = new Set("a area button input select option textarea summary".split(" "));
  const usable = new Set("button link menuitem tab checkbox switch radio treeitem option textbox".split(" "));
  const named = new Set("id for aria-labelledby aria-describedby aria-controls aria-owns headers list".split(" "));
  const roots = new Map();
  const escaped = text => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const quoted = text => escaped(text).replace(/"/g, "&quot;");
  const words = element => (element.innerText || element.textContent || "").replace(/\\s+/g, " ").trim().slice(0, 200);
  const all = root => [...root.querySelectorAll("*")].flatMap(
    each => each.shadowRoot ? [each, ...all(each.shadowRoot)] : [each]);
  const shown = element => {
    const display = getComputedStyle(element).display;
    return display === "contents" || (display !== "none" && element.checkVisibility({visibilityProperty: true}));
  };
  const dialogs = all(document).filter(each => shown(each) && (each.matches("dialog:modal") || (
    each.getAttribute("aria-modal") === "true" && each.matches("[role=dialog], [role=alertdialog]"))));
  const modal = dialogs[dialogs.length - 1] || null;
  const above = node => node.assignedSlot || node.parentNode || node.host || null;
  const inside = (node, outer) => { while (node && node !== outer) node = above(node); return node === outer; };
  const number = root => {
    if (root === document) return "";
    if (!roots.has(root)) roots.set(root, `shadow${roots.size}-`);
    return roots.get(root);
  };
  const reading = element => [
    element.tagName, element.type || "", element.getAttribute("aria-label") || "",
    element.labels ? [...element.labels].map(words).join(" ") : "",
    ["BUTTON", "A"].includes(element.tagName) || !native.has(element.localName) ? words(element) : "",
    ["submit", "button", "image"].includes(element.type) ? element.value : "",
    element.closest("tr, [role=row], li") ? words(element.closest("tr, [role=row], li")) : "",
  ].join("|");
  const marked = element => {
    elements.push(element); reads.push(reading(element));
    return ` data-bt-mark="${prefix}${elements.length - 1}"`;
  };
  const form = element => {
    if (element.closest("form")) return "";
    if (element.form) return ` form="${quoted(number(element.getRootNode()) + element.form.id)}"`;
    return ' form="bt-drawn"';
  };
  // A person ticks a box that is not drawn by its label, and gives a file by a button that stands for the field.
  const reached = element => element.localName === "input" && (element.type === "file" || (
    ["checkbox", "radio"].includes(element.type) && [...element.labels].some(shown)));
  const write = (node, hidden) => {
    if (node.nodeType === Node.TEXT_NODE) return escaped(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    const tag = node.localName, role = node.getAttribute("role") || "";
    if (unseen.has(tag)) return tag === "svg" && node.querySelector("title") ?
      `<span>${escaped(node.querySelector("title").textContent)}</span>` : "";
    if (tag === "script") return "<script></script>";
    if (tag === "slot") {
      const given = node.assignedNodes();
      return (given.length ? given : [...node.childNodes]).map(each => write(each, hidden)).join("");
    }
    const part = tag === "option" || tag === "optgroup" || document.head.contains(node) || tag === "head";
    const gone = !part && node !== document.documentElement && !shown(node);
    const control = native.has(tag) || usable.has(role);
    const behind = modal && control && !["a", "area"].includes(tag) && !["link", "menuitem"].includes(role)
      && !inside(node, modal);
    const hides = !hidden && ((gone && !reached(node)) || behind || node.inert);
    const pressed = !control && !gone && !hidden && !["label", "html", "body"].includes(tag)
      && getComputedStyle(node).cursor === "pointer" && !node.closest("a, button, label, summary, [role]")
      && getComputedStyle(node.parentElement || document.body).cursor !== "pointer" && words(node).length <= 80;
    let told = hides ? " hidden" : "";
    for (const {name, value} of node.attributes) {
      if (/^(style|hidden|src|srcset|checked|selected|disabled|form|data-bt-.*|on.*)$/i.test(name)) continue;
      if (name === "value" && tag === "input" && node.type !== "file") continue;
      if (!/^[\\w:.-]+$/.test(name)) continue;
      if (name === "role" && pressed) continue;
      const scope = named.has(name) ? number(node.getRootNode()) : "";
      told += ` ${name}="${quoted(scope ? value.split(/\\s+/).map(each => scope + each).join(" ") : value)}"`;
    }
    if (pressed) told += ' role="button"';
    if (control || pressed || node.hasAttribute("tabindex")) told += marked(node);
    if (node.matches(":disabled")) told += " disabled";
    if (!["a", "area", "option", "summary"].includes(tag) && (control || pressed)) told += form(node);
    const shadow = node.shadowRoot;
    const inner = () => [...(shadow || node).childNodes].map(each => write(each, hidden || hides)).join("");
    if (["checkbox", "switch", "radio"].includes(role) && tag !== "input") {
      const group = node.closest("[role=radiogroup]");
      const kind = role === "radio" ? `type="radio" name="${quoted(reading(group || node))}"` : 'type="checkbox"';
      const ticked = node.getAttribute("aria-checked") === "true" ? " checked" : "";
      const off = node.getAttribute("aria-disabled") === "true" ? " disabled" : "";
      return `<label><input ${kind}${told.replace(/ (role|type|name)="[^"]*"/g, "")}${ticked}${off}>${inner()}</label>`;
    }
    if (tag === "input") {
      if (node.checked) told += " checked";
      if (node.type !== "file") told += ` value="${quoted(node.value)}"`;
    }
    if (tag === "option" && node.selected) told += " selected";
    if (empty.has(tag)) return `<${tag}${told}>`;
    if (tag === "textarea") return `<textarea${told}>\\n${escaped(node.value)}</textarea>`;
    const name = tag.includes(":") ? "div" : tag;
    return `<${name}${told}>${inner()}</${name}>`;
  };
  const page = write(document.documentElement, false);
  const end = page.lastIndexOf("</body>");
  const html = `<!doctype html>${page.slice(0, end)}<form id="bt-drawn" novalidate></form>${page.slice(end)}`;
  return {html, elements, reads, reading};
}
"""

# Whether the elements of a description are still there and read as they did.
STILL = """
(seen, [numbers, reads]) => numbers.every((number, at) => {
  const element = seen.elements[number];
  return element && element.isConnected && seen.reading(element) === reads[at];
})
"""
