// Elements are made here only, and text is set as text: what a design says is never read as markup.
const svgNamespace = 'http://www.w3.org/2000/svg';

const byID = (id) => document.getElementById(id);

// element makes an element; of the attributes, class, text and on… (listeners) are special, and null leaves one out.
function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svgElement(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNamespace, tag), attributes, children);
}

function fill(e, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') e.textContent = value;
    else if (name.startsWith('on')) e.addEventListener(name.slice(2), value);
    else if (name === 'checked') e.checked = value;
    else e.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) e.append(child);
  }
  return e;
}

// name shows a name of the design: it may be long, and written from right to left.
const nameElement = (text, tag = 'bdi') => element(tag, { class: 'name', text });

const plural = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

// listing names at most some of many.
function listing(names, most = 6) {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

// safeURL is the address of a link, or null for one that a page must not offer.
function safeURL(text) {
  try {
    const url = new URL(text);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
