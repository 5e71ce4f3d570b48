// Copyright (c) 2026, the bt_ops.pra authors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// What asks before something is done.

import { el, freshId } from "./dom.js";
import words from "./words.js";

// A modal dialog; `close` is called when the person turns away from it.
export function openDialog(title, content, close) {
  const id = freshId();
  const box = el("dialog", { role: "dialog", "aria-modal": "true", "aria-labelledby": id }, el("h2", { id }, title), content);
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  document.body.append(box);
  box.showModal();
  return box;
}

// Is it meant? Answers true when the button of the same name is pressed.
export function confirmed(label) {
  return new Promise((resolve) => {
    const end = (answer) => {
      box.remove();
      resolve(answer);
    };
    const cancel = el("button", { type: "button", class: "plain", click: () => end(false) }, words.cancel);
    const go = el("button", { type: "button", class: "danger", click: () => end(true) }, label);
    const content = [el("p", { class: "text" }, words.sure), el("div", { class: "buttons" }, cancel, go)];
    const box = openDialog(label, content, () => end(false));
  });
}
