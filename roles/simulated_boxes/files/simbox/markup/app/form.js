// Copyright (c) 2026, the bt_ops.pra authors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// Controls and buttons. There is no form element: a press collects the values of what stands with the button.

import { el, freshId } from "./dom.js";
import { cell, head } from "./items.js";

function choice(field, readers) {
  const name = freshId();
  const inputs = field.options.map((option) => {
    const id = freshId();
    const checked = option.value === field.value;
    const input = el("input", { type: "radio", id, name, value: option.value, checked, disabled: !field.enabled });
    return [input, el("label", { for: id }, option.label)];
  });
  readers.push(() => inputs.filter(([input]) => input.checked).map(([input]) => [field.name, input.value]));
  const lines = inputs.map(([input, label]) => el("div", { class: "choice" }, input, label));
  return el("fieldset", { class: "choices" }, el("legend", {}, field.label), lines);
}

function control(field, id) {
  const common = { id, disabled: !field.enabled };
  if (field.kind === "select") {
    const options = field.options.map((option) =>
      el("option", { value: option.value, selected: option.value === field.value }, option.label));
    return el("select", common, options);
  }
  if (field.kind === "textarea") {
    const area = el("textarea", { ...common, rows: "5" });
    area.value = field.value;
    return area;
  }
  const input = el("input", { ...common, type: field.kind, autocomplete: "off" });
  if (field.kind !== "file") input.value = field.value;
  return input;
}

function read(field, node) {
  if (node.disabled) return [];
  if (field.kind === "checkbox") return node.checked ? [[field.name, "1"]] : [];
  if (field.kind === "file") return node.files.length ? [[field.name, node.files[0]]] : [];
  return [[field.name, node.value]];
}

function drawField(field, readers) {
  if (field.kind === "radio") return choice(field, readers);
  const id = freshId();
  const helpId = field.help ? freshId() : null;
  const help = field.help ? el("div", { class: "help", id: helpId }, field.help) : null;
  const node = control(field, id);
  if (field.kind === "checkbox") node.checked = field.checked;
  if (helpId) node.setAttribute("aria-describedby", helpId);
  readers.push(() => read(field, node));
  const label = el("label", { for: id }, field.label);
  if (field.kind === "checkbox") return el("div", { class: "field check" }, node, el("div", {}, label, help));
  return el("div", { class: "field" }, label, node, help);
}

function drawTicks(ticks, readers, go) {
  const rows = ticks.rows.map((row) => {
    const box = el("input", { type: "checkbox", "aria-label": row.label });
    readers.push(() => (box.checked ? [[row.name, "1"]] : []));
    return el("tr", {}, el("td", {}, box), row.cells.map((value) => el("td", {}, cell(value, go))));
  });
  return el("div", { class: "scroll" }, el("table", {}, head(ticks.columns, el("td", {})), el("tbody", {}, rows)));
}

function drawPart(part, readers, go) {
  if (part.kind === "group") {
    const fields = part.parts.map((field) => drawField(field, readers));
    return el("fieldset", { class: "group" }, el("legend", {}, part.title), fields);
  }
  return part.kind === "ticks" ? drawTicks(part, readers, go) : drawField(part, readers);
}

// `press(form, button, values)` does what a button says.
export function drawForm(form, go, press) {
  const readers = [];
  const parts = form.parts.map((part) => drawPart(part, readers, go));
  const values = () => readers.flatMap((one) => one());
  const buttons = form.buttons.map((button) => {
    const act = () => press(form, button, values());
    return el("button", { type: "button", class: button.tone, disabled: !button.enabled, click: act }, button.label);
  });
  const first = form.buttons.findIndex((button) => button.tone === "primary");
  const enter = (event) => {
    if (event.key === "Enter" && event.target.matches("input") && first >= 0) buttons[first].click();
  };
  return el("div", { class: "panel-form", keydown: enter }, parts, el("div", { class: "buttons" }, buttons));
}
