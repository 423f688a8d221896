import { digits } from "./words.js";

// Photos that the page did not bring along: one list, from which they are drawn after the pattern
// of those that it did. From then on the whole album is in the page, and can be searched.
function table(pattern, { words, shapes, photos, files }) {
  const inert = document.implementation.createHTMLDocument("");
  const model = inert.importNode(pattern, true);
  // What some photos have and others have not: all of it here, and taken from those that have not.
  for (const part of model.querySelectorAll(".caption, .badge, .download")) part.remove();
  model.append(inert.importNode(document.querySelector("#photo-parts").content, true));
  const largest = /[a-z]+$/.exec(model.querySelector("a.open").getAttribute("href"))[0];
  return (number) => {
    const [id, shape, color, where, when, place, trip, bits, alt, caption] = photos[number - 1];
    const [ratio, width, height, small, sizes] = shapes[shape];
    const item = model.cloneNode(true);
    const find = (query) => item.querySelector(query);
    item.id = `photo-${number}`;
    item.className = `photo ${ratio} c${color}`;
    // A server has one place for each; in a folder every file has a name of its own.
    const [thumb, large, full, video, saved] = files?.[number - 1]
      ?? [...["thumb", largest, "full", "video"].map((what) => `p/${id}/${what}`), ""];
    Object.assign(item.dataset, { where: words[where], when: words[when], place, trip });
    if (!trip) delete item.dataset.trip;
    find("a.open").setAttribute("href", large);
    const image = find("img");
    const set = (kind) => thumb === large
      ? `${thumb}${kind} ${small}w`
      : `${thumb}${kind} ${small}w, ${large}${kind} ${width}w`;
    Object.assign(image, { width, height, alt: words[alt], sizes, srcset: set("") });
    image.src = thumb;
    image.loading = "lazy";
    const source = find("source");
    if (source) Object.assign(source, { sizes, srcset: set(".webp") });
    const said = find(".caption");
    if (caption) said.textContent = caption;
    else said.remove();
    const download = find(".download");
    if (bits & 1) {
      Object.assign(download, { href: full, download: saved });
      download.setAttribute("aria-label", download.dataset.label.replace("{n}", digits(number)));
      delete download.dataset.label;
    } else download.remove();
    if (bits & 2) find(".badge").href = video;
    else find(".badge").remove();
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
