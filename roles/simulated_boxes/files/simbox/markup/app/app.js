// Copyright (c) 2026, the bt_ops.pra authors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// The application: which page is shown, what a press does, what happens when the box does not answer.

import { read, send } from "./box.js";
import { confirmed, openDialog } from "./dialog.js";
import { el, freshId } from "./dom.js";
import { drawForm } from "./form.js";
import { Busy, drawFrame } from "./frame.js";
import { card, facts, link, notice, paragraph, progress, table } from "./items.js";
import words from "./words.js";

const RETRY_SECONDS = 3;
const KEEP_FILE_SECONDS = 60;

const root = document.querySelector("[data-app]");
const main = el("main", { tabindex: "-1", "aria-busy": "true" });
const busy = new Busy(main);
const flash = el("div", { class: "flash", "aria-live": "polite" });

let shown = null; // the page that is drawn
let under = null; // the address of the page under a dialog, if one is open
let dialog = null;
let parts = []; // the sections that are drawn, as [JSON, element]
let lost = false; // the box did not answer when the page looked again
let timer = 0;
let reading = null;

function draw(item) {
  switch (item.kind) {
    case "paragraph": return paragraph(item);
    case "facts": return facts(item);
    case "table": return table(item, go);
    case "card": return card(item, draw);
    case "link": return el("p", { class: "text" }, link(item, go));
    case "progress": return progress(item);
    default: return drawForm(item, go, press);
  }
}

function drawSection(section) {
  const id = section.title ? freshId() : null;
  const title = section.title ? el("h2", { id }, section.title) : null;
  return el("section", { class: "panel", "aria-labelledby": id }, title, section.items.map(draw));
}

function say(text, tone) {
  flash.append(notice(text, tone));
}

// Sections that say the same as before stay as they are where a page only looks again, with what was typed into them.
function drawSections(sections, again) {
  const before = parts;
  parts = sections.map((section, place) => {
    const text = JSON.stringify(section);
    const same = again && before[place]?.[0] === text;
    return [text, same ? before[place][1] : drawSection(section)];
  });
  return parts.map(([, node]) => node);
}

function drawPage(page, again) {
  dialog?.remove();
  dialog = null;
  const heading = el("h1", {}, page.title);
  main.replaceChildren(heading, flash, ...drawSections(page.sections, again));
  if (!again) {
    drawFrame(root, page, main, go, logOut);
    main.focus();
    window.scrollTo(0, 0);
  }
}

function drawDialog(page) {
  if (!shown) drawFrame(root, page, main, go, logOut);
  under ??= shown?.address ?? null;
  dialog?.remove();
  const content = [flash, ...page.sections.flatMap((section) => section.items.map(draw))];
  dialog = openDialog(page.sections[0].title, content, () => go(under || `/${page.application}`));
}

function show(page, again) {
  if (!again) flash.replaceChildren();
  if (page.dialog) {
    drawDialog(page);
  } else {
    under = null;
    drawPage(page, again);
  }
  for (const message of page.messages) say(message.text, message.tone);
  document.title = `${page.box}: ${page.title} - ${page.product}`;
  shown = page;
  lookAgain();
}

// A page on which something goes on looks again by itself.
function lookAgain() {
  if (shown.refresh) timer = setTimeout(() => load(shown.address, "again"), shown.refresh * 1000);
}

function unanswered(address, how, status) {
  const again = how === "again";
  lost = true;
  if (status === 404) {
    const start = { label: words.start, href: `/${location.pathname.split("/")[1]}` };
    main.replaceChildren(el("h1", {}, words.no_page), flash, el("p", { class: "text" }, link(start, go)));
    return;
  }
  const retry = el("button", { type: "button", click: () => load(address, how) }, words.retry);
  const sentence = status && status < 500 ? words.refused.replace("{status}", status) : words.no_answer;
  flash.replaceChildren(notice(sentence, "error"), ...(again ? [] : [retry]));
  if (!flash.isConnected) main.replaceChildren(flash);
  if (!status || status >= 500) timer = setTimeout(() => load(address, how), RETRY_SECONDS * 1000);
}

// `how`: "push" (a step of its own in the history), "replace", or "again" (the page looks again by itself).
async function load(address, how) {
  clearTimeout(timer);
  reading?.abort();
  const mine = (reading = new AbortController());
  let answer;
  try {
    const asked = read(address, mine.signal);
    answer = await (how === "again" ? asked : busy.during(asked));
  } catch {
    return; // another page was asked for meanwhile
  }
  await take(answer, address, how);
}

async function take(answer, address, how) {
  if (answer.next) {
    const ended = answer.status === 401 && shown?.user;
    await load(answer.next, how === "push" ? "push" : "replace");
    if (ended) say(words.session_ended, "warning");
  } else if (answer.page) {
    if (lost) flash.replaceChildren();
    lost = false;
    if (how === "push" && answer.page.address !== location.pathname) history.pushState(null, "", answer.page.address);
    else if (how === "replace") history.replaceState(null, "", answer.page.address);
    show(answer.page, how === "again" && shown?.address === answer.page.address);
  } else {
    unanswered(address, how, answer.status);
  }
}

function go(address) {
  return load(address, "push");
}

function hand(href, name) {
  const anchor = el("a", { href, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  flash.replaceChildren();
  say(words.download_ready, "success");
}

async function press(form, button, values) {
  const asks = button.asks && !dialog; // a dialog has asked already
  if (asks && !(await confirmed(button.label))) return;
  await act(form.action, [...values, [button.name, "1"]], form.upload);
}

async function act(address, values, multipart) {
  clearTimeout(timer);
  const pressed = [...document.querySelectorAll("button:enabled")];
  for (const node of pressed) node.disabled = true;
  const answer = await busy.during(send(address, values, shown.token, multipart));
  for (const node of pressed) node.disabled = false;
  if (answer.next || answer.page) {
    await take(answer, address, "push");
    return;
  }
  lookAgain();
  if (answer.blob) {
    const href = URL.createObjectURL(answer.blob);
    setTimeout(() => URL.revokeObjectURL(href), KEEP_FILE_SECONDS * 1000);
    hand(href, answer.name);
  } else if (answer.file) {
    hand(answer.file, "");
  } else {
    flash.replaceChildren();
    const refused = answer.status && answer.status < 500;
    say(refused ? words.refused.replace("{status}", answer.status) : words.act_unanswered, "error");
  }
}

function logOut() {
  return act(shown.logout.href, [], false);
}

window.addEventListener("popstate", () => load(location.pathname, "stay"));
root.replaceChildren(main);
load(location.pathname, "replace");
