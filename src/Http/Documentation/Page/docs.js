"use strict";
// Reads /api-docs and lays it out: one entry for each operation, with what it takes, what it answers, and a form that really calls it.
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
};

let api;

const resolve = schema => {
  if (!schema) return {};
  if (schema.$ref) return resolve(schema.$ref.split("/").slice(1).reduce((node, part) => node[part], api));
  if (schema.allOf) return { ...Object.assign({}, ...schema.allOf.map(resolve)), ...schema, allOf: undefined };
  return schema;
};

const typeOf = schema => {
  const one = resolve(schema);
  const type = one.enum ? one.enum.filter(word => word !== null).map(word => JSON.stringify(word)).join(" | ")
    : one.oneOf || one.anyOf ? (one.oneOf || one.anyOf).map(typeOf).join(" or ")
    : one.type === "array" ? `list of ${typeOf(one.items)}`
    : one.type || "anything";
  return one.nullable ? `${type} or null` : type;
};

const limitsOf = schema => {
  const one = resolve(schema);
  const words = [];
  if (one.minLength !== undefined || one.maxLength !== undefined) words.push(`${one.minLength ?? 0} to ${one.maxLength ?? "any number of"} characters`);
  if (one.minimum !== undefined || one.maximum !== undefined) words.push(`${one.minimum ?? "…"} to ${one.maximum ?? "…"}`);
  if (one.minItems !== undefined || one.maxItems !== undefined) words.push(`${one.minItems ?? 0} to ${one.maxItems ?? "any number of"} items`);
  if (one.pattern) words.push(`/${one.pattern}/`);
  if (one.default !== undefined) words.push(`otherwise ${JSON.stringify(one.default)}`);
  return words.join("; ");
};

// Something of the right form, where the document gives no example.
const sample = (schema, depth = 0) => {
  const one = resolve(schema);
  if (one.example !== undefined) return one.example;
  if (one.default !== undefined) return one.default;
  if (one.enum) return one.enum[0];
  if (one.nullable && depth > 1) return null;
  if (one.oneOf || one.anyOf) return sample((one.oneOf || one.anyOf)[0], depth + 1);
  switch (one.type) {
    case "object": return Object.fromEntries(Object.entries(one.properties || {}).map(([name, inner]) => [name, sample(inner, depth + 1)]));
    case "array": return depth > 4 ? [] : [sample(one.items, depth + 1)];
    case "integer": case "number": return one.minimum ?? 0;
    case "boolean": return false;
    default: return "";
  }
};

const rows = (members, required) => make("table", {},
  make("tr", {}, make("th", { textContent: "name" }), make("th", { textContent: "type" }), make("th", { textContent: "meaning" })),
  ...members.map(([name, schema, text]) => make("tr", {},
    make("td", {}, make("code", { textContent: name }), required.has(name) ? " *" : ""),
    make("td", { textContent: typeOf(schema) }),
    make("td", { textContent: [text || schema.description, limitsOf(schema)].filter(Boolean).join(" · ") }))));

const shown = value => make("pre", { textContent: typeof value === "string" ? value : JSON.stringify(value, null, 2) });

const tryIt = (verb, path, operation, parameters, content) => {
  const fields = parameters.map(parameter => [parameter, make("input", { ariaLabel: parameter.name, placeholder: parameter.required ? "needed" : "" })]);
  const body = content ? make("textarea", { spellcheck: false, ariaLabel: "body", value: JSON.stringify(content.example ?? sample(content.schema), null, 2) }) : null;
  const out = make("div");
  const button = make("button", { type: "button", textContent: verb === "get" ? "Ask" : "Send" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    const query = new URLSearchParams();
    let target = path;
    for (const [parameter, field] of fields) {
      if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(field.value));
      else if (field.value !== "") query.set(parameter.name, field.value);
    }
    const headers = { accept: "application/json" };
    const key = document.getElementById("key").value;
    if (key) headers.token = key;
    if (body) headers["content-type"] = "application/json";
    const began = performance.now();
    try {
      const answer = await fetch(`/api/v1${target}${query.size ? `?${query}` : ""}`, { method: verb.toUpperCase(), headers, body: body ? body.value : undefined });
      const text = await answer.text();
      let json = text;
      try { json = JSON.parse(text); } catch { /* shown as it came */ }
      out.replaceChildren(make("p", { textContent: `${answer.status} in ${Math.round(performance.now() - began)} ms` }), shown(json));
    } catch (error) {
      out.replaceChildren(make("p", { textContent: `No answer: ${error.message}` }));
    }
    button.disabled = false;
  });
  return make("div", {},
    make("h3", { textContent: "Try it" }),
    ...fields.map(([parameter, field]) => make("label", {}, `${parameter.name} `, field)),
    body, make("p", {}, button), out);
};

const entry = (path, verb, operation) => {
  const details = make("details", { id: operation.operationId },
    make("summary", {}, make("span", { className: "verb", textContent: verb.toUpperCase() }), make("span", { className: "path", textContent: path }),
      make("span", { className: "what", textContent: operation.summary })));
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector(".body")) return;
    const parameters = operation.parameters || [];
    const content = operation.requestBody?.content?.["application/json"];
    const answer = operation.responses["200"].content["application/json"];
    const request = content ? resolve(content.schema) : null;
    details.append(make("div", { className: "body" },
      operation.description ? make("p", { textContent: operation.description }) : null,
      parameters.length ? rows(parameters.map(p => [p.name, p.schema, p.description]), new Set(parameters.filter(p => p.required).map(p => p.name))) : null,
      request ? rows(Object.entries(request.properties || {}), new Set(request.required || [])) : null,
      make("h3", { textContent: "Answers" }),
      shown(answer.example ?? sample(answer.schema)),
      make("table", {}, ...Object.entries(operation.responses).filter(([status]) => status !== "200" && status !== "default")
        .map(([status, response]) => make("tr", {}, make("td", { textContent: status }), make("td", { textContent: response.description })))),
      tryIt(verb, path, operation, parameters, content)));
  });
  return details;
};

const layOut = word => {
  const groups = new Map();
  for (const [path, verbs] of Object.entries(api.paths)) {
    for (const [verb, operation] of Object.entries(verbs)) {
      if (!`${path} ${operation.summary} ${operation.operationId}`.toLowerCase().includes(word.toLowerCase())) continue;
      const tag = operation.tags?.[0] ?? "other";
      groups.set(tag, [...(groups.get(tag) ?? []), entry(path, verb, operation)]);
    }
  }
  const main = document.getElementById("operations");
  main.replaceChildren(...[...groups].flatMap(([tag, entries]) => [make("h2", { textContent: tag.replaceAll("-", " ") }), ...entries]));
  if (!groups.size) main.replaceChildren(make("p", { textContent: "Nothing of that name." }));
  if (location.hash) document.getElementById(location.hash.slice(1))?.setAttribute("open", "");
};

fetch("/api-docs").then(answer => answer.json()).then(document_ => {
  api = document_;
  document.title = api.info.title;
  document.getElementById("title").textContent = api.info.title;
  document.getElementById("about").textContent = api.info.description;
  const find = document.getElementById("find");
  find.addEventListener("input", () => layOut(find.value));
  layOut("");
}).catch(error => {
  document.getElementById("operations").replaceChildren(make("p", { textContent: `The document could not be read: ${error.message}` }));
});
