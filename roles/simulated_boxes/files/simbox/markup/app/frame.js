// Copyright (c) 2026, the bt_ops.pra authors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// What stands around a page: head, menu, busy bar.

import { el, freshId } from "./dom.js";
import { link } from "./items.js";
import words from "./words.js";

function entry(item, go) {
  if (!item.children.length) {
    const node = link(item, go);
    if (item.current) node.setAttribute("aria-current", "page");
    return el("li", {}, node);
  }
  const id = freshId();
  const list = el("ul", { id, hidden: !item.current }, item.children.map((child) => entry(child, go)));
  const fold = el("button", { type: "button", "aria-controls": id, "aria-expanded": String(item.current) },
    el("span", {}, item.label), el("span", { class: "chevron", "aria-hidden": "true" }));
  fold.addEventListener("click", () => {
    list.hidden = !list.hidden;
    fold.setAttribute("aria-expanded", String(!list.hidden));
  });
  return el("li", { class: item.current ? "current" : null }, fold, list);
}

function who(page, logOut) {
  if (!page.user) return null;
  const out = page.logout ? el("button", { type: "button", class: "plain", click: logOut }, page.logout.label) : null;
  return el("div", { class: "who" }, el("span", {}, `${words.logged_in_as} `, el("b", {}, page.user)), out);
}

export function drawFrame(root, page, main, go, logOut) {
  const brand = el("div", { class: "brand" }, el("span", { class: "mark", "aria-hidden": "true" }),
    el("div", {}, el("div", { class: "product" }, page.product), el("div", { class: "box" }, page.box)));
  const menu = page.menu.length
    ? el("nav", { "aria-label": words.navigation }, el("ul", {}, page.menu.map((item) => entry(item, go))))
    : null;
  root.className = `${page.application}${menu ? "" : " alone"}`;
  root.replaceChildren(el("header", {}, brand, who(page, logOut)), ...(menu ? [menu] : []), main);
}

// Shown while something is under way; several things at once are one.
export class Busy {
  #count = 0;
  #main;
  #bar = el("div", { class: "busy", role: "progressbar", "aria-label": words.loading, hidden: true }, el("div", {}));

  constructor(main) {
    this.#main = main;
    document.body.prepend(this.#bar);
  }

  async during(work) {
    this.#show(1);
    try {
      return await work;
    } finally {
      this.#show(-1);
    }
  }

  #show(step) {
    this.#count += step;
    this.#bar.hidden = this.#count === 0;
    this.#main.setAttribute("aria-busy", String(this.#count > 0));
  }
}
