"use strict";

const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

// Replaces references by what they name; a type that contains itself is named instead of repeated.
const resolve = (api, schema, above = []) => {
  if (Array.isArray(schema)) return schema.map((item) => resolve(api, item, above));
  if (schema === null || typeof schema !== "object") return schema;
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    if (above.includes(name)) return `<${name}>`;
    return resolve(api, api.components.schemas[name], [...above, name]);
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, resolve(api, value, above)]));
};

const bodyOf = (api, title, content) => {
  const part = element("div");
  for (const [type, { schema }] of Object.entries(content ?? {})) {
    part.append(element("h3", `${title}: ${type}`));
    if (schema) part.append(element("pre", JSON.stringify(resolve(api, schema), null, 2)));
  }
  return part;
};

const operation = (api, path, method, route) => {
  const box = element("details");
  const head = element("summary");
  head.append(element("span", method.toUpperCase(), "method"), element("code", path), ` ${route.summary} `);
  const access = route["x-verb"] ?? (route.security.length ? "signed in" : "public");
  head.append(element("span", access, "verb"));
  box.append(head);
  box.dataset.text = `${method} ${path} ${route.summary} ${access}`.toLowerCase();
  // The schemas are long: they are drawn when somebody opens the route.
  box.addEventListener("toggle", () => {
    if (box.children.length > 1) return;
    const inside = element("div");
    if (route.parameters) {
      inside.append(element("h3", "Parameters"));
      inside.append(element("pre", JSON.stringify(resolve(api, route.parameters), null, 2)));
    }
    inside.append(bodyOf(api, "Request", route.requestBody?.content));
    for (const [status, answer] of Object.entries(route.responses)) {
      if (answer.$ref) inside.append(element("p", "Otherwise: a problem (application/problem+json)"));
      else inside.append(element("p", `${status} ${answer.description}`), bodyOf(api, `Answer ${status}`, answer.content));
    }
    box.append(inside);
  });
  return box;
};

const draw = (api) => {
  document.getElementById("about").textContent = `${api.info.version}. ${api.info.description}`;
  const main = document.getElementById("routes");
  main.replaceChildren();
  const sections = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, route] of Object.entries(methods)) {
      const tag = route.tags[0];
      if (!sections.has(tag)) {
        const section = element("section");
        section.append(element("h2", tag));
        sections.set(tag, section);
        main.append(section);
      }
      sections.get(tag).append(operation(api, path, method, route));
    }
  }
  document.getElementById("find").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const box of main.querySelectorAll("details")) {
      box.hidden = !words.every((word) => box.dataset.text.includes(word));
    }
    for (const section of sections.values()) section.hidden = !section.querySelector("details:not([hidden])");
  });
};

fetch("/api/v1/openapi.json")
  .then((answer) => answer.json())
  .then(draw)
  .catch(() => {
    document.getElementById("state").textContent = "The document could not be read. Reload the page.";
  });
