// Shows an album that was opened: places, a grid, one photo at a time.

function element(tag, given = {}, ...children) {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...children.filter(Boolean));
  return made;
}
const words = (tag, className, text) => text && element(tag, { className, textContent: text, dir: "auto" });
const facts = (list) =>
  list.length && element("p", { className: "facts" }, ...list.map((fact) => element("span", { textContent: fact })));
const count = (number) => `${number} photo${number === 1 ? "" : "s"}`;
const quiet = (error) => {
  if (error.name !== "AbortError") throw error;
};

// A picture that is decrypted while it is near, and let go when it is not.
class Near {
  #album;
  #held = new Map();
  #seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#take(target);
      else this.#leave(target);
    }
  }, { rootMargin: "800px 0px" });

  constructor(album) {
    this.#album = album;
  }

  watch(image) {
    this.#seen.observe(image);
  }

  async #take(image) {
    if (this.#held.has(image)) return;
    const stop = new AbortController();
    const held = { stop };
    this.#held.set(image, held);
    try {
      const blob = await this.#album.file(Number(image.dataset.file), { signal: stop.signal });
      if (stop.signal.aborted) return;
      held.url = URL.createObjectURL(blob);
      image.src = held.url;
      image.parentElement.classList.add("here");
    } catch (error) {
      if (stop.signal.aborted) return;
      image.parentElement.querySelector(".fault")?.remove();
      image.parentElement.append(words("span", "fault", error.message));
    }
  }

  #leave(image) {
    const held = this.#held.get(image);
    if (!held) return;
    this.#held.delete(image);
    held.stop.abort();
    if (!held.url) return;
    image.removeAttribute("src");
    image.parentElement.classList.remove("here");
    URL.revokeObjectURL(held.url);
  }
}

// Saves a file whole; the button says how far it is.
async function save(album, photo, button, status) {
  // A button that is disabled while it has the focus takes the keyboard with it.
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    const told = (done, of) => {
      status.textContent = done < of ? `Decrypting ${photo.name}: ${Math.floor((done / of) * 100)} %` : "";
    };
    const url = URL.createObjectURL(await album.file(photo.full, { told }));
    element("a", { href: url, download: photo.name }).click();
    status.textContent = `${photo.name} is saved by your browser.`;
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    status.textContent = `${photo.name}: ${error.message}`;
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

// One photo at a time, large: arrows, Escape, swipes, the back button.
class Viewer {
  #album;
  #photos;
  #at = 0;
  #back;
  #shown = new Map();
  #box;
  #parts;

  constructor(album, photos, status) {
    this.#album = album;
    this.#photos = photos;
    const button = (className, label, sign, act) => {
      const made = element("button", { type: "button", className, title: label, textContent: sign });
      made.setAttribute("aria-label", label);
      made.addEventListener("click", act);
      return made;
    };
    const image = element("img", { decoding: "async" });
    const fault = element("p", { className: "fault", role: "alert" });
    const caption = element("p", { className: "words" });
    const counter = element("span", { className: "counter" });
    const told = element("p", { className: "quiet", role: "status" });
    const download = button("save", "Download in full resolution", "⤓", () =>
      save(album, this.#photos[this.#at], download, status));
    this.#parts = { image, fault, caption, counter, told, download };
    const earlier = button("earlier", "Previous photo", "‹", () => this.#go(-1));
    const later = button("later", "Next photo", "›", () => this.#go(1));
    this.#box = element("dialog", { className: "viewer" },
      element("header", {}, counter, download, button("close", "Close (Esc)", "×", () => this.close())),
      element("div", { className: "stage" }, image, fault), earlier, later, caption, told);
    this.#box.setAttribute("aria-label", "Photo viewer");
    document.addEventListener("keydown", ({ key }) => {
      if (!this.#box.open) return;
      if (key === "ArrowRight") this.#go(1);
      if (key === "ArrowLeft") this.#go(-1);
    });
    this.#box.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.#swipes();
    addEventListener("popstate", () => this.#hide());
  }

  get element() {
    return this.#box;
  }

  open(index) {
    this.#back = document.activeElement;
    this.#box.showModal();
    history.pushState({ ...history.state, viewer: true }, "");
    this.#at = index;
    this.#draw();
  }

  close() {
    if (history.state?.viewer) history.back();
    else this.#hide();
  }

  #hide() {
    if (!this.#box.open) return;
    this.#box.close();
    this.#keep([]);
    this.#parts.image.removeAttribute("src");
    const tile = document.querySelector(`[data-number="${this.#at}"]`) ?? this.#back;
    tile.focus();
    tile.scrollIntoView({ block: "nearest" });
  }

  #go(step) {
    const next = this.#at + step;
    if (next < 0 || next >= this.#photos.length) return;
    this.#at = next;
    this.#draw();
  }

  // A large picture's address. Those of others than *indices* are let go.
  #keep(indices) {
    for (const [index, held] of this.#shown) {
      if (indices.includes(index)) continue;
      this.#shown.delete(index);
      held.stop.abort();
      held.made.then((url) => URL.revokeObjectURL(url), () => {});
    }
    for (const index of indices) {
      if (this.#shown.has(index)) continue;
      const stop = new AbortController();
      const file = this.#photos[index].large;
      const made = this.#album.file(file, { signal: stop.signal }).then(URL.createObjectURL);
      made.catch(() => {});
      this.#shown.set(index, { stop, made });
    }
  }

  async #draw() {
    const { image, fault, caption, counter, told, download } = this.#parts;
    const at = this.#at;
    const photo = this.#photos[at];
    this.#keep([at, at + 1, at - 1].filter((index) => index in this.#photos));
    counter.textContent = `${at + 1} / ${this.#photos.length}`;
    told.textContent = `Photo ${at + 1} of ${this.#photos.length}. ${photo.alt}`;
    download.hidden = photo.full === null;
    caption.replaceChildren(...[
      words("strong", "", photo.caption),
      words("span", "", [photo.where, photo.when].filter(Boolean).join(" · ")),
    ].filter(Boolean));
    this.#box.querySelector(".earlier").setAttribute("aria-disabled", String(at === 0));
    const last = at === this.#photos.length - 1;
    this.#box.querySelector(".later").setAttribute("aria-disabled", String(last));
    fault.textContent = "";
    image.classList.remove("here");
    image.alt = photo.alt;
    try {
      const url = await this.#shown.get(at).made;
      if (this.#at !== at || !this.#box.open) return;
      image.src = url;
      await image.decode();
      if (this.#at === at) image.classList.add("here");
    } catch (error) {
      if (this.#at === at && error.kind) fault.textContent = error.message;
      else if (this.#at === at && error.name === "EncodingError") {
        fault.textContent = "Your browser does not show pictures of this format.";
      } else quiet(error);
    }
  }

  #swipes() {
    let from;
    this.#box.addEventListener("pointerdown", (event) => {
      from = event.isPrimary && event.pointerType === "touch" ? event : undefined;
    });
    this.#box.addEventListener("pointerup", (event) => {
      if (!from || !event.isPrimary) return;
      const [x, y] = [event.clientX - from.clientX, event.clientY - from.clientY];
      from = undefined;
      if (Math.abs(x) > 48 && Math.abs(x) > 1.5 * Math.abs(y)) this.#go(x < 0 ? 1 : -1);
      else if (y > 96 && y > 1.5 * Math.abs(x)) this.close();
    });
  }
}

function tile(album, photo, number, { near, viewer, status }) {
  const image = element("img", { alt: photo.alt, decoding: "async" });
  image.dataset.file = photo.thumb;
  const open = element("button", { type: "button", className: "open" }, image);
  open.dataset.number = number;
  open.addEventListener("click", () => viewer.open(number));
  const item = element("li", { className: "photo" }, open, words("p", "caption", photo.caption));
  // A panorama must not be a line, nor a scroll a column.
  const ratio = Math.min(Math.max(photo.width / photo.height, 0.5), 3);
  item.style.setProperty("--r", String(ratio || 1.5));
  if (/^#[0-9a-f]{6}$/.test(photo.color)) item.style.setProperty("--c", photo.color);
  if (photo.full !== null) {
    const download = element("button", { type: "button", className: "download", textContent: "⤓" });
    download.title = "Download in full resolution";
    download.setAttribute("aria-label", `Download photo ${number + 1} in full resolution`);
    download.addEventListener("click", () => save(album, photo, download, status));
    item.append(download);
  }
  near.watch(image);
  return item;
}

export function show(album, app, { reader }) {
  const shown = album.manifest.album;
  const photos = shown.sections.flatMap((section) => section.photos);
  const status = element("p", { className: "status", role: "status" });
  const viewer = new Viewer(album, photos, status);
  const with_ = { near: new Near(album), viewer, status };
  let number = 0;
  const sections = shown.sections.map((section, at) => {
    const heading = element("h2", { textContent: section.title, tabIndex: -1, dir: "auto" });
    if (!section.heading) heading.className = "quiet";
    return element("section", { className: "place", id: `place-${at + 1}` },
      heading, section.heading && facts(section.facts),
      element("ul", { className: "grid" },
        ...section.photos.map((photo) => tile(album, photo, number++, with_))));
  });
  const places = shown.sections.length > 1 && element("nav", { className: "bar" },
    element("ul", {}, ...shown.sections.map((section, at) => {
      const go = element("button", { type: "button" },
        element("span", { textContent: section.title, dir: "auto" }),
        element("small", { textContent: section.photos.length }));
      go.setAttribute("aria-label", `${section.title}, ${count(section.photos.length)}`);
      go.addEventListener("click", () => {
        sections[at].scrollIntoView();
        sections[at].querySelector("h2").focus({ preventScroll: true });
      });
      return element("li", {}, go);
    })));
  if (places) places.setAttribute("aria-label", "Places");
  document.title = shown.title;
  app.replaceChildren(
    element("header", { className: "masthead" },
      words("h1", "", shown.title), facts(shown.facts), words("p", "description", shown.description)),
    ...(places ? [places] : []),
    element("main", { id: "photos" }, ...sections),
    element("footer", {},
      element("p", { textContent: "Sealed album. It was decrypted here, in your browser; its host cannot look into it." }),
      element("p", { className: "reader" }, "Script of this page, SHA-256: ", element("code", { textContent: reader }))),
    status, viewer.element);
}
