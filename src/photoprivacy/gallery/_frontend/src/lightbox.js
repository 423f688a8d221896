import PhotoSwipe from "photoswipe";
import { say } from "./words.js";

const icon = (path) =>
  `<svg aria-hidden="true" class="pswp__icn" viewBox="0 0 32 32" width="32" height="32">${path}</svg>`;
const DOWNLOAD = icon(
  '<path d="M15 6h2v12.2l4.3-4.3 1.4 1.4L16 22l-6.7-6.7 1.4-1.4 4.3 4.3zM8 24h16v2H8z"/>',
);
const SLIDESHOW = icon(
  '<path class="start" d="M11 8v16l13-8z"/><path class="stop" d="M10 8h4v16h-4zM18 8h4v16h-4z"/>',
);
const MOVING = icon(
  '<path d="M16 5a11 11 0 1 0 0 22 11 11 0 0 0 0-22zm0 2a9 9 0 1 1 0 18 9 9 0 0 1 0-18z"/>'
  + '<path d="M13 11v10l8-5z"/>',
);
// Milliseconds that the slideshow stays at a photo.
const STAY = 5000;

function slide(photo) {
  const link = photo.querySelector("a.open");
  const image = photo.querySelector("img");
  return {
    src: link.href,
    msrc: image.complete && image.naturalWidth ? image.currentSrc : undefined,
    width: Number(image.getAttribute("width")),
    height: Number(image.getAttribute("height")),
    alt: image.alt,
    element: link,
    thumbCropped: true,
    photo,
  };
}

export function open(photos, index, { deep = false, playing = false, moving = false, from = null } = {}) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const bare = location.pathname + location.search;
  let pushed = false;
  const viewer = new PhotoSwipe({
    dataSource: [],
    index,
    bgOpacity: 1,
    loop: photos.length > 2,
    showHideAnimationType: still || deep || playing ? "none" : "zoom",
    zoomAnimationDuration: still ? 0 : 280,
    wheelToZoom: true,
    mainClass: "viewer",
    closeTitle: say("close_viewer"),
    zoomTitle: say("zoom"),
    arrowPrevTitle: say("previous"),
    arrowNextTitle: say("next"),
    errorMsg: say("photo_failed"),
    counter: false, // the one below counts in the page's digits
    returnFocus: false, // done below, to the photo that was looked at last
    paddingFn: (size) => ({
      top: size.x < 700 ? 56 : 60, bottom: size.x < 700 ? 88 : 76, left: 0, right: 0,
    }),
  });
  viewer.addFilter("numItems", () => photos.length);
  viewer.addFilter("itemData", (_, number) => slide(photos[number]));
  const here = () => viewer.currSlide.data;
  const button = (name, order, html, made) =>
    viewer.ui.registerElement({ name, order, isButton: true, tagName: "button", html, onInit: made });

  let timer = 0;
  let announcer;
  let switcher;
  function play(on) {
    playing = on;
    clearTimeout(timer);
    viewer.element.classList.toggle("playing", on);
    switcher.title = say(on ? "pause" : "play");
    switcher.setAttribute("aria-label", switcher.title);
    // What changes by itself every few seconds is not read out.
    announcer.setAttribute("aria-live", on ? "off" : "polite");
    if (on) timer = setTimeout(turn, STAY);
  }
  function turn() {
    const last = viewer.currIndex === photos.length - 1;
    if (viewer.currSlide.content.isLoading() || document.hidden) timer = setTimeout(turn, 500);
    else if (last && !viewer.options.loop) play(false);
    // Reduced motion: the next photo is there, nothing glides.
    else viewer.mainScroll.moveIndexBy(1, !still);
  }

  let film;
  const stop = () => {
    film?.remove();
    film = undefined;
  };
  function move() {
    if (film) {
      stop();
      return;
    }
    play(false);
    const { content, container, data } = viewer.currSlide;
    film = document.createElement("video");
    Object.assign(film, { className: "moving", playsInline: true, autoplay: true });
    film.setAttribute("aria-label", data.alt);
    film.src = data.photo.querySelector(".badge").href;
    const { width, height } = content.element.style;
    Object.assign(film.style, { width, height });
    film.addEventListener("ended", stop);
    film.addEventListener("error", stop);
    container.append(film);
  }

  viewer.on("uiRegister", () => {
    if (photos.length > 1) {
      button("slideshow", 7, SLIDESHOW, (made) => {
        switcher = made;
        made.addEventListener("click", () => play(!playing));
      });
    } else switcher = document.createElement("button");
    if (photos.some((photo) => photo.querySelector(".badge"))) {
      button("moving", 8, MOVING, (made) => {
        made.title = say("play_moving");
        made.setAttribute("aria-label", made.title);
        made.addEventListener("click", move);
        viewer.on("change", () => {
          made.hidden = !here().photo.querySelector(".badge");
        });
      });
    }
    if (photos.some((photo) => photo.querySelector("a.download"))) {
      viewer.ui.registerElement({
        name: "download", order: 9, isButton: true, tagName: "a", html: DOWNLOAD,
        onInit: (link) => {
          link.setAttribute("download", "");
          link.title = say("download");
          link.setAttribute("aria-label", link.title);
          viewer.on("change", () => {
            const source = here().photo.querySelector("a.download");
            link.hidden = !source;
            if (source) Object.assign(link, { href: source.href, download: source.download });
          });
        },
      });
    }
    viewer.ui.registerElement({
      name: "count", className: "pswp__counter", order: 5, onInit: (box) => {
        box.setAttribute("aria-hidden", "true"); // said in full by the announcer
        viewer.on("change", () => {
          box.textContent = say("counter", { n: viewer.currIndex + 1, total: photos.length });
        });
      },
    });
    viewer.ui.registerElement({
      name: "caption", appendTo: "root", onInit: (box) => {
        viewer.on("change", () => {
          const { photo } = here();
          const words = photo.querySelector(".caption")?.textContent.trim();
          const where = [photo.dataset.where, photo.dataset.when].filter(Boolean).join(" · ");
          box.replaceChildren();
          for (const [tag, text] of [["strong", words], ["span", where]]) {
            if (!text) continue;
            const part = document.createElement(tag);
            part.textContent = text;
            part.dir = "auto";
            box.append(part);
          }
        });
      },
    });
    viewer.ui.registerElement({
      name: "announcer", appendTo: "root", onInit: (box) => {
        announcer = box;
        box.className = "quiet";
        box.setAttribute("role", "status");
        viewer.on("change", () => {
          const values = { n: viewer.currIndex + 1, total: photos.length, alt: here().alt };
          box.textContent = say("announce", values);
        });
      },
    });
  });

  viewer.on("change", () => {
    stop();
    if (playing) play(true);
    const mark = `#${here().photo.id}`;
    if (!deep && !pushed) {
      // The back button closes the photo, as on a phone it should.
      history.pushState({ viewer: true }, "", mark);
      pushed = true;
    } else {
      history.replaceState(history.state, "", mark);
    }
  });
  // Whoever takes the photo in hand has seen enough of the slideshow.
  viewer.on("pointerDown", ({ originalEvent: { target } }) => {
    if (playing && !target.closest("button, a")) play(false);
  });
  viewer.on("keydown", ({ originalEvent: event }) => {
    if (event.key === "Tab") {
      // Round and round among the viewer's own buttons: the page behind is not there for now.
      const stops = [...viewer.element.querySelectorAll("button, a[href]")]
        .filter((stop) => stop.checkVisibility());
      const at = stops.indexOf(document.activeElement);
      const next = at < 0 && event.shiftKey ? -1 : at + (event.shiftKey ? -1 : 1);
      event.preventDefault();
      stops.at(next % stops.length)?.focus();
    } else if (event.key === " " && !event.target.closest?.("button, a")) {
      event.preventDefault();
      play(!playing);
    } else if (/^Arrow/.test(event.key) && playing) play(false);
  });
  // It closes only once it is wholly open.
  function closeSoon() {
    if (viewer.opener.isOpen) viewer.close();
    else viewer.on("openingAnimationEnd", () => viewer.close());
  }
  // Its own keys are bound by then only.
  const early = (event) => {
    if (event.key === "Escape" && !viewer.opener.isOpen) closeSoon();
  };
  addEventListener("keydown", early);
  const back = () => {
    pushed = false;
    closeSoon();
  };
  addEventListener("popstate", back);
  viewer.on("close", () => {
    clearTimeout(timer);
    stop();
  });
  viewer.on("destroy", () => {
    removeEventListener("popstate", back);
    removeEventListener("keydown", early);
    clearTimeout(timer);
    if (pushed) history.back();
    else if (/^#photo-/.test(location.hash)) history.replaceState(null, "", bare);
    const element = from ?? here().element;
    element.focus({ preventScroll: true });
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) element.scrollIntoView({ block: "center" });
  });

  viewer.init();
  // Its places are left and right whatever the page's direction is; words find their own.
  Object.assign(viewer.element, { dir: "ltr", ariaModal: "true", ariaLabel: say("viewer") });
  play(playing);
  if (moving) viewer.on("openingAnimationEnd", move);
}
