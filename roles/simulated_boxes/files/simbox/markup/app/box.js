// Copyright (c) 2026, the bt_ops.pra authors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// Talking to the box. An answer is { page }, { next }, { file } or a file itself; without one: { status }, 0 if none came.

const JSON_TYPE = "application/json";

async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", ...options });
    if ((response.headers.get("Content-Type") || "").startsWith(JSON_TYPE)) {
      return { status: response.status, ...(await response.json()) };
    }
    const named = /filename="([^"]*)"/.exec(response.headers.get("Content-Disposition") || "");
    if (named) return { status: response.status, blob: await response.blob(), name: named[1] };
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return { status: 0 };
  }
  return { status: response.status };
}

const headers = { Accept: JSON_TYPE, "X-Requested-With": "XMLHttpRequest" };

export function read(address, signal) {
  return ask(address, { headers, signal });
}

// `values` is a list of [name, value]; with a file among them it goes as a multipart form, else as JSON.
export function send(address, values, token, multipart) {
  const more = token ? { ...headers, "X-CSRF-Token": token } : headers;
  if (!multipart) {
    const body = JSON.stringify(Object.fromEntries(values));
    return ask(address, { method: "POST", headers: { ...more, "Content-Type": JSON_TYPE }, body });
  }
  const body = new FormData();
  for (const [name, value] of values) body.append(name, value);
  return ask(address, { method: "POST", headers: more, body });
}
