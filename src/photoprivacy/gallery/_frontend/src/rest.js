import { digits } from "./words.js";

// Photos that the page did not bring along: one list, from which they are drawn after the pattern
// of those that it did. From then on the whole album is in the page, and can be searched.
function table(pattern, { words, shapes, photos }) {
  const inert = document.implementation.createHTMLDocument("");
  const model = inert.importNode(pattern, true);
  // What some photos have and others have not: all of it here, and taken from those that have not.
  for (const part of model.querySelectorAll(".caption, .badge, .download")) part.remove();
  model.append(inert.importNode(document.querySelector("#photo-parts").content, true));
  return (number) => {
    const [id, shape, color, where, when, place, trip, bits, alt, caption] = photos[number - 1];
    const [ratio, width, height, small, sizes] = shapes[shape];
    const item = model.cloneNode(true);
    const find = (query) => item.querySelector(query);
    item.id = `photo-${number}`;
    item.className = `photo ${ratio} c${color}`;
    Object.assign(item.dataset, { where: words[where], when: words[when], place, trip, id });
    if (!trip) delete item.dataset.trip;
    const link = find("a.open");
    const largest = /[a-z]+$/.exec(link.getAttribute("href"))[0];
    link.setAttribute("href", `p/${id}/${largest}`);
    const image = find("img");
    const set = (kind) => largest === "thumb"
      ? `p/${id}/thumb${kind} ${small}w`
      : `p/${id}/thumb${kind} ${small}w, p/${id}/display${kind} ${width}w`;
    Object.assign(image, { width, height, alt: words[alt], sizes, srcset: set("") });
    image.src = `p/${id}/thumb`;
    image.loading = "lazy";
    const source = find("source");
    if (source) Object.assign(source, { sizes, srcset: set(".webp") });
    const said = find(".caption");
    if (caption) said.textContent = caption;
    else said.remove();
    const download = find(".download");
    if (bits & 1) {
      download.href = `p/${id}/full`;
      download.setAttribute("aria-label", download.dataset.label.replace("{n}", digits(number)));
      delete download.dataset.label;
    } else download.remove();
    const moving = find(".badge");
    if (bits & 2) moving.href = `p/${id}/video`;
    else moving.remove();
    return item;
  };
}

export async function fill(pattern) {
  const answer = await fetch("photos.json");
  if (!answer.ok) throw new Error(`${answer.status}`);
  const draw = table(pattern, await answer.json());
  for (const gap of document.querySelectorAll(".more")) {
    const { from, count } = gap.dataset;
    const items = document.createDocumentFragment();
    for (let i = 0; i < Number(count); i += 1) items.append(draw(Number(from) + i));
    const grid = gap.parentElement.querySelector(".grid");
    if (gap.nextElementSibling === grid) grid.prepend(items);
    else grid.append(items);
    gap.remove();
  }
}
