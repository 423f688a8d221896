// Shows an album that was opened: places, a grid, one photo at a time.
import { digits, say } from "./words.js";

function element(tag, given = {}, ...children) {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...children.filter(Boolean));
  return made;
}
const words = (tag, className, text) => text && element(tag, { className, textContent: text, dir: "auto" });
const facts = (list) =>
  list.length && element("p", { className: "facts" }, ...list.map((fact) => element("span", { textContent: fact })));
// Milliseconds that the slideshow stays at a photo.
const STAY = 5000;
const PATHS = {
  play: "M6.5 4.5v11l9-5.5z", pause: "M7 4.5v11M13 4.5v11", zoom: "M9 4a5 5 0 1 0 0 10a5 5 0 1 0 0-10zM13 13l4 4M9 7v4M7 9h4",
  save: "M10 3v9.5m0 0L6.2 8.8M10 12.5l3.8-3.7M4 16.5h12", close: "M5 5l10 10M15 5L5 15",
  moving: "M10 3.2a6.8 6.8 0 1 0 0 13.6a6.8 6.8 0 1 0 0-13.6zM8.4 7.2v5.6l4.6-2.8z", earlier: "M12.5 4l-6 6l6 6", later: "M7.5 4l6 6l-6 6",
};
function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(space, "svg");
  made.setAttribute("viewBox", "0 0 20 20");
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  made.append(path);
  return made;
}
function label(button, text) {
  button.title = text;
  button.setAttribute("aria-label", text);
}
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
      status.textContent = done < of ? say("decrypting", { name: photo.name, percent: Math.floor((done / of) * 100) }) : "";
    };
    const url = URL.createObjectURL(await album.file(photo.full, { told }));
    element("a", { href: url, download: photo.name }).click();
    status.textContent = say("saved", { name: photo.name });
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    status.textContent = `${photo.name}: ${error.message}`;
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

// One photo at a time, large: arrows, Escape, swipes, the back button, nearer, one after another.
class Viewer {
  #album;
  #photos;
  #at = 0;
  #timer = 0;
  #playing = false;
  #film;
  #back;
  #shown = new Map();
  #box;
  #parts;

  constructor(album, photos, status) {
    this.#album = album;
    this.#photos = photos;
    const button = (name, text, act) => {
      const made = element("button", { type: "button", className: name }, icon(name));
      label(made, text);
      made.addEventListener("click", act);
      return made;
    };
    const image = element("img", { decoding: "async", draggable: false });
    const fault = element("p", { className: "fault", role: "alert", dir: "auto" });
    const caption = element("p", { className: "words" });
    const counter = element("span", { className: "counter" });
    const told = element("p", { className: "quiet", role: "status" });
    const download = button("save", say("download"), () =>
      save(album, this.#photos[this.#at], download, status));
    const play = button("play", say("play"), () => this.#play(!this.#playing));
    play.hidden = photos.length < 2;
    const moving = button("moving", say("play_moving"), () => this.#move());
    const zoom = button("zoom", say("zoom"), () => this.#zoom(!this.#near));
    const stage = element("div", { className: "stage" }, image, fault);
    this.#parts = { image, fault, caption, counter, told, download, moving, play, zoom, stage };
    const earlier = button("earlier", say("previous"), () => this.#go(-1));
    const later = button("later", say("next"), () => this.#go(1));
    this.#box = element("dialog", { className: "viewer" },
      element("header", {}, counter, play, moving, download, zoom, button("close", say("close_viewer"), () => this.close())),
      stage, earlier, later, caption, told);
    this.#box.setAttribute("aria-label", say("viewer"));
    // Its places are left and right whatever the page's direction is; words find their own.
    this.#box.dir = "ltr";
    document.addEventListener("keydown", (event) => {
      // What is near and has the focus is moved by its keys.
      if (!this.#box.open || event.target === stage) return;
      if (event.key === "ArrowRight") this.#go(1);
      else if (event.key === "ArrowLeft") this.#go(-1);
      else if (event.key === " " && !event.target.closest("button") && photos.length > 1) {
        event.preventDefault();
        this.#play(!this.#playing);
      }
    });
    stage.addEventListener("dblclick", ({ clientX, clientY }) => this.#zoom(!this.#near, clientX, clientY));
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
    this.#play(false);
    this.#still();
    this.#box.close();
    this.#keep([]);
    this.#parts.image.removeAttribute("src");
    const tile = document.querySelector(`[data-number="${this.#at}"]`) ?? this.#back;
    tile.focus();
    tile.scrollIntoView({ block: "nearest" });
  }

  // Whoever turns the page has seen enough of the slideshow.
  #go(step) {
    this.#play(false);
    this.#turn(step);
  }

  #turn(step) {
    const next = this.#at + step;
    if (next < 0 || next >= this.#photos.length) return;
    this.#at = next;
    this.#draw();
  }

  #play(on) {
    const { play, told, image, fault } = this.#parts;
    clearTimeout(this.#timer);
    if (on !== this.#playing) {
      this.#playing = on;
      play.replaceChildren(icon(on ? "pause" : "play"));
      label(play, say(on ? "pause" : "play"));
      // What changes by itself every few seconds is not read out.
      told.setAttribute("aria-live", on ? "off" : "polite");
    }
    const next = () => {
      const there = image.classList.contains("here") || fault.textContent;
      if (!there || document.hidden) this.#timer = setTimeout(next, 500);
      else if (this.#at === this.#photos.length - 1) this.#play(false);
      else this.#turn(1);
    };
    if (!on) return;
    this.#zoom(false);
    this.#timer = setTimeout(next, STAY);
  }

  get #near() {
    return this.#box.classList.contains("near");
  }

  // Two and a half times as near, around a point of the window or the middle.
  #zoom(on, x = innerWidth / 2, y = innerHeight / 2) {
    const { stage, zoom, image } = this.#parts;
    if (on && !image.classList.contains("here")) return;
    if (on) {
      this.#play(false);
      this.#still();
    }
    this.#box.classList.toggle("near", on);
    zoom.setAttribute("aria-pressed", String(on));
    if (!on) {
      if (document.activeElement === stage) zoom.focus();
      for (const name of ["tabindex", "role", "aria-label"]) stage.removeAttribute(name);
      return;
    }
    Object.assign(stage, { tabIndex: 0, role: "group", ariaLabel: say("zoomed") });
    const { left, top, width, height } = stage.getBoundingClientRect();
    stage.scrollTo(2.5 * (x - left) - width / 2, 2.5 * (y - top) - height / 2);
  }

  // The moving part of the photo, once, over it: decrypted now, and let go when it ends.
  async #move() {
    if (this.#film) return this.#still();
    const { moving, fault, stage } = this.#parts;
    const photo = this.#photos[this.#at];
    this.#play(false);
    this.#zoom(false);
    const film = { stop: new AbortController() };
    this.#film = film;
    moving.setAttribute("aria-pressed", "true");
    try {
      const blob = await this.#album.file(photo.video, { signal: film.stop.signal });
      if (this.#film !== film) return;
      film.url = URL.createObjectURL(blob);
      film.shown = element("video", { playsInline: true, autoplay: true, src: film.url });
      film.shown.setAttribute("aria-label", photo.alt);
      film.shown.addEventListener("ended", () => this.#still());
      film.shown.addEventListener("error", () => {
        if (this.#film !== film) return;
        this.#still();
        fault.textContent = say("unplayed");
      });
      stage.append(film.shown);
    } catch (error) {
      if (this.#film !== film) return;
      this.#still();
      if (!error.kind) throw error;
      fault.textContent = error.message;
    }
  }

  #still() {
    const film = this.#film;
    if (!film) return;
    this.#film = undefined;
    this.#parts.moving.removeAttribute("aria-pressed");
    film.stop.abort();
    film.shown?.remove();
    if (film.url) URL.revokeObjectURL(film.url);
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
    const { image, fault, caption, counter, told, download, moving } = this.#parts;
    const at = this.#at;
    this.#still();
    const photo = this.#photos[at];
    this.#keep([at, at + 1, at - 1].filter((index) => index in this.#photos));
    this.#zoom(false);
    if (this.#playing) this.#play(true);
    const place = { n: at + 1, total: this.#photos.length };
    counter.textContent = say("counter", place);
    told.textContent = say("announce", { ...place, alt: photo.alt });
    download.hidden = photo.full === null;
    moving.hidden = (photo.video ?? null) === null;
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
      else if (error.name === "EncodingError") {
        // Also where another picture took its place meanwhile, which is no fault.
        if (this.#at === at && this.#box.open) fault.textContent = say("unshown");
      } else quiet(error);
    }
  }

  #swipes() {
    const { stage } = this.#parts;
    let from;
    // What is near is moved by the finger itself, and by the mouse so.
    stage.addEventListener("pointermove", (event) => {
      if (this.#near && event.pointerType === "mouse" && event.buttons & 1) {
        stage.scrollBy(-event.movementX, -event.movementY);
      }
    });
    this.#box.addEventListener("pointerdown", (event) => {
      if (event.target.closest(".stage")) this.#play(false);
      from = event.isPrimary && event.pointerType === "touch" && !this.#near ? event : undefined;
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
    const download = element("button", { type: "button", className: "download" }, icon("save"));
    download.title = say("download");
    download.setAttribute("aria-label", say("download_photo", { n: number + 1 }));
    download.addEventListener("click", () => save(album, photo, download, status));
    item.append(download);
  }
  near.watch(image);
  return item;
}

// Towns and how they are called, drawn when the album was sealed: a picture, as all others here.
function where(album) {
  if (!album.map) return "";
  const names = album.sections.filter(({ point }) => point).map(({ title }) => title).join(", ");
  const made = element("section", { className: "where" }, element("h2", { textContent: say("locator") }),
    element("img", {
      src: `data:image/svg+xml,${encodeURIComponent(album.map)}`, width: 640, height: 400,
      alt: say("locator_alt", { names }),
    }));
  made.setAttribute("aria-label", say("locator"));
  return made;
}

// What the album says, in the language of its reader: strings that were said in English → theirs.
// Titles, captions and descriptions are the owner's, and stay.
function translated(album, language) {
  const theirs = album.words?.[language] ?? {};
  const said = (text) => (Object.hasOwn(theirs, text) ? String(theirs[text]) : text);
  const photo = (one) => ({ ...one, alt: said(one.alt), where: said(one.where), when: said(one.when) });
  const sections = album.sections.map((one) => ({
    ...one, title: said(one.title), facts: one.facts.map(said), photos: one.photos.map(photo),
  }));
  return { ...album, facts: album.facts.map(said), sections };
}

export function show(album, app, { language, reader }) {
  const shown = translated(album.manifest.album, language);
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
        element("span", { textContent: section.title, dir: "auto" }), " ",
        element("small", { textContent: digits(section.photos.length) }));
      go.addEventListener("click", () => {
        sections[at].scrollIntoView();
        sections[at].querySelector("h2").focus({ preventScroll: true });
      });
      return element("li", {}, go);
    })));
  if (places) places.setAttribute("aria-label", say("places_title"));
  document.title = shown.title;
  app.replaceChildren(
    element("header", { className: "masthead" },
      words("h1", "", shown.title), facts(shown.facts), words("p", "description", shown.description)),
    ...(places ? [places] : []),
    element("main", { id: "photos" }, ...sections),
    where(shown),
    element("footer", {},
      element("p", { textContent: say("here") }),
      element("p", { className: "reader" }, say("reader"), " ", element("code", { textContent: reader }))),
    status, viewer.element);
}
