// What the page gains from JavaScript. Without it every link still works.
const root = document.documentElement;
root.classList.add("js");

const photos = [...document.querySelectorAll(".photo")];
const stylesheet = (name) =>
  new Promise((resolve, reject) => {
    const href = document.body.dataset[name];
    const known = [...document.styleSheets].some((sheet) => sheet.ownerNode?.dataset.name === name);
    if (known) return resolve();
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href, onload: () => resolve(), onerror: reject });
    link.dataset.name = name;
    document.head.append(link);
  });

async function look(index, { deep = false } = {}) {
  const [{ open }] = await Promise.all([import("./lightbox.js"), stylesheet("lightboxCss")]);
  open(photos, index, { deep });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.open");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey
    || event.shiftKey || event.altKey) return;
  event.preventDefault();
  look(photos.indexOf(link.closest(".photo"))).catch(() => location.assign(link.href));
});

function follow() {
  const match = /^#photo-(\d+)$/.exec(location.hash);
  const index = match ? photos.findIndex((photo) => photo.id === `photo-${match[1]}`) : -1;
  if (index >= 0 && !document.querySelector(".pswp")) look(index, { deep: true }).catch(() => {});
}
addEventListener("hashchange", follow);
follow();

// The map is fetched when somebody wants it, not before.
const dialog = document.querySelector("#map");
if (dialog) {
  for (const button of document.querySelectorAll("[data-opens=map]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      dialog.showModal();
      if (dialog.dataset.state) return;
      dialog.dataset.state = "loading";
      try {
        const [{ draw }] = await Promise.all([import("./map.js"), stylesheet("mapCss")]);
        await draw(dialog, document.body.dataset.world);
        dialog.dataset.state = "ready";
      } catch {
        dialog.dataset.state = "";
        dialog.querySelector(".map-status").textContent = "The map did not load. Try again.";
      }
    });
  }
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-closes]")) dialog.close();
    const link = event.target.closest("a[href^='#']");
    if (link) {
      event.preventDefault();
      dialog.close();
      show(link.getAttribute("href").slice(1));
    }
  });
  dialog.addEventListener("place", (event) => {
    dialog.close();
    show(event.detail);
  });
}

function show(id) {
  const section = document.getElementById(id);
  if (!section) return;
  history.replaceState(history.state, "", `#${id}`);
  section.scrollIntoView();
  section.querySelector("h2").focus({ preventScroll: true });
  section.classList.remove("found");
  requestAnimationFrame(() => section.classList.add("found"));
}

// The place list marks the section that is being looked at.
const chips = new Map(
  [...document.querySelectorAll(".places a")].map((a) => [a.getAttribute("href").slice(1), a]),
);
if (chips.size) {
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const chip = chips.get(target.id);
      if (!chip || !isIntersecting) continue;
      document.querySelector(".places [aria-current]")?.removeAttribute("aria-current");
      chip.setAttribute("aria-current", "true");
      const bar = chip.closest("ul");
      bar.scrollTo({ left: chip.offsetLeft - bar.clientWidth / 3, behavior: "smooth" });
    }
  }, { rootMargin: "-25% 0px -65% 0px" });
  document.querySelectorAll("section.place").forEach((section) => seen.observe(section));
}
