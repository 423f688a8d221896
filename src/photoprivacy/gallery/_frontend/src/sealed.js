// The page of a sealed album: asks for what is missing, opens, shows. `show` is all that the
// gallery's own page would replace; it is given an album, and an element to draw in.
import { language } from "./sealed-language.js";
import { show } from "./sealed-album.js";
import { Beside, SealError, Within, open, parseKey } from "./unseal.js";
import { say } from "./words.js";

const script = document.currentScript.textContent;
const app = document.querySelector("#app");
document.title = say("sealed");
const source = document.body.dataset.kept === "here" ? new Within() : new Beside();

function element(tag, given = {}, ...children) {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...children);
  return made;
}

// A form with one field; resolves with what was put into it.
function question({ heading, words, wrong, field, kind }) {
  return new Promise((resolve) => {
    const input = element("input", {
      id: "answer", type: kind, required: true, autocomplete: "off", spellcheck: false,
      autocapitalize: "off", maxLength: 1024, dir: kind === "text" ? "ltr" : "auto",
    });
    const form = element(
      "form", {},
      element("label", { htmlFor: "answer", textContent: field }),
      element("div", { className: "field" }, input, element("button", { textContent: say("open") })),
    );
    if (wrong) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", "wrong");
      form.append(element("p", { id: "wrong", className: "wrong", role: "alert", textContent: wrong }));
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      busy(say("opening"));
      resolve(input.value);
    });
    app.replaceChildren(element("main", { className: "notice" },
      element("h1", { textContent: heading }), element("p", { textContent: words }), form));
    input.focus();
  });
}

function busy(words) {
  app.replaceChildren(element("p", { className: "busy", role: "status", textContent: words }));
}

const askPassword = (error) =>
  question({
    heading: say("locked"),
    words: say("password_words"),
    wrong: error.kind === "wrong-password" ? error.message : "",
    field: say("password"), kind: "password",
  });

// What is in the address, else what this entry of the history remembers. The address is cleared.
function keyInAddress() {
  const { hash, pathname, search } = location;
  const key = hash.length > 1 ? hash.slice(1) : history.state?.key ?? "";
  try {
    history.replaceState({ key }, "", pathname + search);
  } catch {
    // Some browsers change no address of a file: then it stays as it is.
  }
  return key;
}

async function start() {
  let words = keyInAddress();
  let error;
  for (;;) {
    busy(say("opening"));
    try {
      if (!globalThis.crypto?.subtle) throw new SealError("browser");
      const album = await open(source, await parseKey(words), askPassword);
      history.replaceState({ key: words }, "");
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script)));
      const reader = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      show(album, app, { language, reader });
      return;
    } catch (caught) {
      error = caught instanceof SealError ? caught : new SealError("list");
    }
    if (!/key/.test(error.kind)) break;
    words = await question({
      heading: say("ask_key"),
      words: say("ask_key_words"),
      wrong: error.message,
      field: say("key"), kind: "text",
    });
  }
  app.replaceChildren(element("main", { className: "notice" },
    element("h1", { textContent: say("closed") }),
    element("p", { role: "alert", textContent: error.message })));
}

// Another link to the same page, in the same tab.
addEventListener("hashchange", () => {
  if (location.hash.length > 1) location.reload();
});
start();
