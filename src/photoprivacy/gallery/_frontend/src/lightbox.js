import PhotoSwipe from "photoswipe";

const ICON =
  '<svg aria-hidden="true" class="pswp__icn" viewBox="0 0 32 32" width="32" height="32">'
  + '<path d="M15 6h2v12.2l4.3-4.3 1.4 1.4L16 22l-6.7-6.7 1.4-1.4 4.3 4.3zM8 24h16v2H8z"/></svg>';

function slide(photo) {
  const link = photo.querySelector("a.open");
  const image = photo.querySelector("img");
  return {
    src: link.href,
    msrc: image.complete && image.naturalWidth ? image.currentSrc : undefined,
    width: Number(link.dataset.width),
    height: Number(link.dataset.height),
    alt: image.alt,
    element: link,
    thumbCropped: true,
    photo,
  };
}

export function open(photos, index, { deep }) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const bare = location.pathname + location.search;
  let pushed = false;
  const viewer = new PhotoSwipe({
    dataSource: photos.map(slide),
    index,
    bgOpacity: 1,
    loop: photos.length > 2,
    showHideAnimationType: still || deep ? "none" : "zoom",
    zoomAnimationDuration: still ? 0 : 280,
    wheelToZoom: true,
    mainClass: "viewer",
    closeTitle: "Close (Esc)",
    zoomTitle: "Zoom",
    arrowPrevTitle: "Previous photo",
    arrowNextTitle: "Next photo",
    errorMsg: "This photo could not be loaded.",
    paddingFn: (size) => ({
      top: size.x < 700 ? 56 : 60, bottom: size.x < 700 ? 88 : 76, left: 0, right: 0,
    }),
  });

  viewer.on("uiRegister", () => {
    if (photos.some((photo) => photo.querySelector("a[download]"))) {
      viewer.ui.registerElement({
        name: "download", order: 8, isButton: true, tagName: "a", html: ICON,
        onInit: (link) => {
          link.setAttribute("download", "");
          link.title = "Download in full resolution";
          link.setAttribute("aria-label", link.title);
          viewer.on("change", () => {
            const from = viewer.currSlide.data.photo.querySelector("a[download]");
            link.hidden = !from;
            if (from) {
              link.href = from.href;
              link.download = from.download;
            }
          });
        },
      });
    }
    viewer.ui.registerElement({
      name: "caption", appendTo: "root", onInit: (box) => {
        viewer.on("change", () => {
          const { photo } = viewer.currSlide.data;
          const words = photo.querySelector(".caption")?.textContent.trim();
          const where = [photo.dataset.place, photo.dataset.taken].filter(Boolean).join(" · ");
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
        box.className = "quiet";
        box.setAttribute("role", "status");
        viewer.on("change", () => {
          const { alt } = viewer.currSlide.data;
          box.textContent = `Photo ${viewer.currIndex + 1} of ${photos.length}. ${alt}`;
        });
      },
    });
  });

  viewer.on("change", () => {
    const here = `#${viewer.currSlide.data.photo.id}`;
    if (!deep && !pushed) {
      // The back button closes the photo, as on a phone it should.
      history.pushState({ viewer: true }, "", here);
      pushed = true;
    } else {
      history.replaceState(history.state, "", here);
    }
  });
  const back = () => {
    pushed = false;
    // It closes only once it is wholly open.
    if (viewer.opener.isOpen) viewer.close();
    else viewer.on("openingAnimationEnd", () => viewer.close());
  };
  addEventListener("popstate", back);
  viewer.on("destroy", () => {
    removeEventListener("popstate", back);
    if (pushed) history.back();
    else if (/^#photo-/.test(location.hash)) history.replaceState(null, "", bare);
    const { element } = viewer.currSlide.data;
    element.focus({ preventScroll: true });
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) element.scrollIntoView({ block: "center" });
  });

  viewer.init();
  viewer.element.setAttribute("aria-modal", "true");
  viewer.element.setAttribute("aria-label", "Photo viewer");
}
