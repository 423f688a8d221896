// What the page gains from JavaScript. Without it every link still works.
import { fill } from "./rest.js";
import { say } from "./words.js";

const root = document.documentElement;
root.classList.add("js");
const one = (query, within = document) => within.querySelector(query);
const all = (query, within = document) => [...within.querySelectorAll(query)];
const photo = (number) => document.getElementById(`photo-${number}`);
const seen = () => all(".photo:not([hidden])");

const stylesheet = (name) =>
  new Promise((resolve, reject) => {
    const href = document.body.dataset[name];
    if ([...document.styleSheets].some((sheet) => sheet.ownerNode?.dataset.name === name)) {
      resolve();
      return;
    }
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href, onload: () => resolve(), onerror: reject });
    link.dataset.name = name;
    document.head.append(link);
  });

// The photos that the page left out, once: when the browser has time, or when one is wanted.
let filling;
const whole = () => {
  filling ??= (one(".more") ? fill(one(".photo")) : Promise.resolve())
    .catch((error) => {
      filling = undefined; // their links stay
      throw error;
    });
  return filling;
};

let opening = false;
async function look(item, choice = {}) {
  if (opening || one(".pswp")) return;
  opening = true;
  try {
    const [{ open }] = await Promise.all([import("./lightbox.js"), stylesheet("lightboxCss")]);
    const photos = seen();
    open(photos, Math.max(0, photos.indexOf(item)), choice);
  } finally {
    opening = false;
  }
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey
    || event.altKey) return;
  const link = event.target.closest?.("a.open, a.badge");
  if (link) {
    event.preventDefault();
    look(link.closest(".photo"), { moving: link.matches(".badge") }).catch(() => location.assign(link.href));
  }
  const chooses = event.target.closest?.("[data-shows]");
  if (chooses) {
    event.preventDefault();
    one("#map")?.close();
    choose(chooses.dataset.shows);
  }
});

// A place or a trip alone: "#at-2", "#trip-1". The back button shows everything again.
const notice = one(".filter");
let chosen = "";
function narrow(wish) {
  if (wish === chosen) return;
  chosen = wish;
  const [kind, number] = wish.split("-");
  const key = kind === "trip" ? "trip" : "place";
  let count = 0;
  for (const item of all(".photo")) {
    item.hidden = Boolean(wish) && item.dataset[key] !== number;
    if (!item.hidden) count += 1;
  }
  for (const section of all("section.part")) section.hidden = !one(".photo:not([hidden])", section);
  root.classList.toggle("narrowed", Boolean(wish));
  notice.hidden = !wish;
  const name = one(`[data-shows="${wish}"]`)?.dataset.name ?? "";
  one("[role=status]", notice).textContent = wish ? say("filtered", { name, n: count }) : "";
}
async function choose(wish) {
  if (location.hash !== `#${wish}`) history.pushState({}, "", `#${wish}`);
  await follow();
}
if (notice) {
  one("button", notice).addEventListener("click", () => {
    history.pushState({}, "", location.pathname + location.search);
    narrow("");
    one("#photos").focus({ preventScroll: true });
    one("#photos").scrollIntoView({ block: "start" });
  });
}

async function follow() {
  const [, kind, number] = /^#(photo|at|trip)-(\d+)$/.exec(location.hash) ?? [];
  if (kind && (kind !== "photo" || !photo(number))) await whole().catch(() => {});
  if (kind === "photo") {
    const item = photo(number);
    if (!item) return;
    if (item.hidden) narrow("");
    await look(item, { deep: true }).catch(() => {});
  } else if (kind && one(`[data-shows="${kind}-${number}"]`)) {
    const wish = `${kind}-${number}`;
    if (wish === chosen) return;
    narrow(wish);
    const heading = one("section.part:not([hidden]) h2");
    one("#photos").scrollIntoView({ block: "start" });
    heading?.focus({ preventScroll: true });
  } else if (chosen) {
    narrow("");
    // What was hidden could not be gone to.
    if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }
}
addEventListener("hashchange", follow);
addEventListener("popstate", follow);
follow();
if (one(".more")) {
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 200));
  idle(() => whole().catch(() => {}), { timeout: 1500 });
}

for (const button of all("[data-opens=slideshow]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await whole().catch(() => {});
    look(seen()[0], { playing: true, from: button }).catch(() => {});
  });
}

// The map is fetched when somebody wants it, not before.
const dialog = one("#map");
if (dialog) {
  const open = async () => {
    dialog.showModal();
    if (dialog.dataset.state) return;
    dialog.dataset.state = "loading";
    const status = one(".map-status", dialog);
    status.textContent = say("map_loading");
    try {
      const [{ draw }] = await Promise.all([import("./map.js"), stylesheet("mapCss")]);
      await draw(dialog, document.body.dataset.world);
      status.textContent = "";
      dialog.dataset.state = "ready";
    } catch {
      dialog.dataset.state = "";
      status.textContent = say("map_failed");
    }
  };
  for (const button of all("[data-opens=map]")) {
    button.hidden = false;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      open();
    });
  }
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("place", (event) => {
    dialog.close();
    choose(`at-${event.detail}`);
  });
}

// The list at the top marks what is being looked at.
const chips = new Map(all(".ways a[href^='#part-']").map((a) => [a.hash.slice(1), a]));
if (chips.size) {
  const passing = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const chip = chips.get(target.id);
      if (!isIntersecting) {
        chip.removeAttribute("aria-current");
        if (scrollY < innerHeight / 2) chip.closest("ul").scrollTo({ left: 0 });
        continue;
      }
      for (const other of chips.values()) other.removeAttribute("aria-current");
      chip.setAttribute("aria-current", "true");
      const bar = chip.closest("ul");
      const [a, b] = [chip, bar].map((box) => box.getBoundingClientRect());
      bar.scrollBy({ left: a.left + a.width / 2 - b.left - b.width / 2, behavior: "smooth" });
    }
  }, { rootMargin: "-25% 0px -65% 0px" });
  for (const section of all("section.part")) if (chips.has(section.id)) passing.observe(section);
}
