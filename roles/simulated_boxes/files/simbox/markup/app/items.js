// Copyright (c) 2026, the bt_ops.pra authors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// The parts of a page that are only read: texts, facts, tables, cards, progress.

import { el, freshId } from "./dom.js";

const ROLES = { error: "alert", warning: "alert" };

export function notice(text, tone, role = ROLES[tone] || "status") {
  return el("div", { class: `notice ${tone}`, role }, el("span", { class: "sign", "aria-hidden": "true" }), el("p", {}, text));
}

export function paragraph(item) {
  return item.tone === "plain" ? el("p", { class: "text" }, item.text) : notice(item.text, item.tone, "note");
}

// A link inside the application: the address changes, the document stays. One to a file is left to the browser.
export function link(item, go) {
  const follow = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(item.href);
  };
  const how = item.file ? { download: "" } : { click: follow };
  return el("a", { href: item.href, class: "link", ...how }, item.label);
}

export function cell(value, go) {
  return typeof value === "string" ? value : link(value, go);
}

export function facts(item) {
  const rows = item.rows.map(([label, value]) => el("div", { class: "fact" }, el("dt", {}, label), el("dd", {}, value)));
  return el("dl", { class: "facts" }, rows);
}

export function head(columns, first = null) {
  return el("thead", {}, el("tr", {}, first, columns.map((column) => el("th", { scope: "col" }, column))));
}

export function table(item, go) {
  const rows = item.rows.map((cells) => el("tr", {}, cells.map((value) => el("td", {}, cell(value, go)))));
  const caption = item.caption ? el("caption", {}, item.caption) : null;
  return el("div", { class: "scroll" }, el("table", {}, caption, head(item.columns), el("tbody", {}, rows)));
}

export function card(item, draw) {
  const id = freshId();
  return el("article", { class: "card", "aria-labelledby": id }, el("h3", { id }, item.title), item.items.map(draw));
}

export function progress(item) {
  const id = freshId();
  const known = item.percent !== null;
  const bar = el("div", { class: known ? "bar" : "bar unknown" });
  if (known) bar.style.width = `${item.percent}%`;
  const track = el("div", {
    class: "track",
    role: "progressbar",
    "aria-labelledby": id,
    "aria-valuemin": "0",
    "aria-valuemax": "100",
    "aria-valuenow": known ? String(item.percent) : null,
  }, bar);
  const percent = known ? el("b", {}, `${item.percent}%`) : null;
  return el("div", { class: "progress" }, el("div", { class: "progress-text" }, el("span", { id }, item.label), percent), track);
}
