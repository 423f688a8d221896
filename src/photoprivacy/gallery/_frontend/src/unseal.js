// Opens a sealed album, as docs/sealed-format.md says. WebCrypto alone, and of that only HKDF,
// PBKDF2, HMAC, SHA-256 and AES-GCM, which every browser of the last years has.
import { say } from "./words.js";

const CHUNK = 262144;
const TAG = 16;
const HEADER = 136;
const FILE_HEADER = 32;
const ROUNDS = 600_000;
const MOST_ROUNDS = 10_000_000;
const MOST_MANIFEST = 256 * 1024 * 1024;
const NAME = "photoprivacy.seal/1";
const ENTRY = "album.seal";
const AT_ONCE = 6;
const GATHER = 8 * 1024 * 1024;

// What went wrong → the message that says it, where its name is another one.
const SAID = {
  "need-password": "locked_words", "wrong-password": "wrong", missing: "missing_file", away: "no_answer",
};

// What went wrong: a kind, and words for people.
export class SealError extends Error {
  constructor(kind) {
    super(say(SAID[kind] ?? kind.replace("-", "_")));
    this.kind = kind;
  }
}

const fail = (kind) => {
  throw new SealError(kind);
};
const utf8 = (text) => new TextEncoder().encode(text);
const joined = (...parts) => {
  const made = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
};
const same = (a, b) => {
  let differs = a.length ^ b.length;
  for (let i = 0; i < a.length && i < b.length; i++) differs |= a[i] ^ b[i];
  return differs === 0;
};
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
const stored = (length) => length + TAG * Math.max(1, Math.ceil(length / CHUNK));

function unbase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const letters = atob(text);
  const made = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) made[i] = letters.charCodeAt(i);
  return made;
}

async function hkdf(key, salt, info, length) {
  const base = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: utf8(`${NAME} ${info}`) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, length * 8));
}

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// The secret that a key spells, as in a link or as typed.
export async function parseKey(words) {
  const text = words.trim().replace(/^.*#/s, "").trim();
  if (!text) fail("no-key");
  if (/^[\w-]{43}$/.test(text)) {
    const secret = unbase64(`${text.replaceAll("-", "+").replaceAll("_", "/")}=`);
    const again = btoa(String.fromCharCode(...secret)).replaceAll("+", "-").replaceAll("/", "_");
    return again === `${text}=` ? secret : fail("bad-key");
  }
  const typed = text.replace(/[\s-]+/g, "").toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  const values = Array.from(typed, (letter) => ALPHABET.indexOf(letter));
  if (values.includes(-1)) fail(/^[\w-]{1,42}$/.test(text) ? "short-key" : "bad-key");
  if (typed.length !== 56) fail(typed.length < 56 ? "short-key" : "bad-key");
  const bytes = new Uint8Array(35);
  values.forEach((value, i) => {
    for (let bit = 0; bit < 5; bit++) {
      const at = i * 5 + bit;
      bytes[at >> 3] |= ((value >> (4 - bit)) & 1) << (7 - (at & 7));
    }
  });
  const secret = bytes.slice(0, 32);
  const digest = await crypto.subtle.digest("SHA-256", joined(utf8(`${NAME} typed`), secret));
  return same(new Uint8Array(digest).slice(0, 3), bytes.slice(32)) ? secret : fail("bad-key");
}

// Files beside the page.
export class Beside {
  async *pieces(path, size, signal) {
    let answer;
    try {
      // Names of pictures are used once; the album's own start may be another one by now.
      const cache = path === ENTRY ? "no-cache" : "default";
      answer = await fetch(path, { signal, cache, credentials: "omit", referrerPolicy: "no-referrer" });
    } catch (error) {
      if (signal?.aborted) throw error;
      fail(location.protocol === "file:" ? "beside" : "away");
    }
    if (answer.status === 404 || answer.status === 410) fail(path === ENTRY ? "no-album" : "missing");
    if (!answer.ok) fail("away");
    const reader = answer.body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      fail("away");
    } finally {
      reader.cancel().catch(() => {});
    }
  }
}

// Files within the page: base64 in elements, decoded one at a time.
export class Within {
  async #element(id) {
    for (;;) {
      const whole = document.readyState !== "loading";
      const element = document.getElementById(id);
      // While the page still loads, an element is whole when another one follows.
      if (whole || element?.nextElementSibling) return element;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  async *pieces(path, size, signal) {
    for (let number = 0, got = 0; got < size(); number++) {
      signal?.throwIfAborted();
      const element = await this.#element(`${path}#${number}`);
      if (!element) {
        if (!number) fail(path === ENTRY ? "no-album" : "missing");
        return;
      }
      let piece;
      try {
        piece = unbase64(element.textContent);
      } catch {
        fail("damaged");
      }
      got += piece.length;
      yield piece;
    }
  }
}

// Takes exact lengths from pieces of any length.
class Taker {
  #pieces;
  #rest = new Uint8Array(0);

  constructor(pieces) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  // So many bytes; fewer where there are no more.
  async take(length) {
    const parts = [];
    let missing = length;
    while (missing > 0) {
      if (!this.#rest.length) {
        const { done, value } = await this.#pieces.next();
        if (done) break;
        this.#rest = value;
        continue;
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return parts.length === 1 ? parts[0] : joined(...parts);
  }

  async end() {
    await this.#pieces.return?.();
  }
}

async function* decrypted(taker, length, key, prefix, bound) {
  const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const count = Math.max(1, Math.ceil(length / CHUNK));
  for (let number = 0; number < count; number++) {
    const last = number === count - 1;
    const wanted = (last ? length - number * CHUNK : CHUNK) + TAG;
    const chunk = await taker.take(wanted);
    if (chunk.length < wanted) fail("short");
    const iv = new Uint8Array(12);
    iv.set(prefix);
    new DataView(iv.buffer).setUint32(7, number);
    iv[11] = last ? 1 : 0;
    const how = { name: "AES-GCM", iv, additionalData: bound, tagLength: 128 };
    let plain;
    try {
      plain = await crypto.subtle.decrypt(how, cipher, chunk);
    } catch {
      fail("damaged");
    }
    yield new Uint8Array(plain);
  }
  if ((await taker.take(1)).length) fail("long");
}

async function opened(data, secret, ask) {
  const said = new TextDecoder().decode(data.subarray(0, 6));
  if (said !== "ppseal" || data.length < HEADER) fail("no-album");
  const view = new DataView(data.buffer, data.byteOffset, HEADER);
  if (view.getUint16(6) !== 1) fail("newer");
  const album = data.slice(8, 24);
  const check = await hkdf(secret, album, "key", 16);
  if (!same(check, data.subarray(64, 80))) fail("wrong-key");
  const macKey = await crypto.subtle.importKey(
    "raw", await hkdf(secret, album, "header", 32), { name: "HMAC", hash: "SHA-256" }, false,
    ["verify"],
  );
  if (!(await crypto.subtle.verify("HMAC", macKey, data.slice(104), data.slice(0, 104)))) {
    fail("changed");
  }
  const rounds = view.getUint32(44);
  const high = view.getUint32(96);
  const manifestBytes = view.getUint32(100);
  if (view.getUint32(40) !== CHUNK || (rounds && (rounds < ROUNDS || rounds > MOST_ROUNDS))) {
    fail("lowered");
  }
  if (high || manifestBytes > MOST_MANIFEST) fail("list");
  let refused = "need-password";
  for (;;) {
    let mixed = secret;
    if (rounds) {
      const words = utf8((await ask(new SealError(refused))).normalize("NFKC"));
      const base = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveBits"]);
      const how = { name: "PBKDF2", hash: "SHA-256", salt: data.slice(48, 64), iterations: rounds };
      mixed = joined(secret, new Uint8Array(await crypto.subtle.deriveBits(how, base, 256)));
    }
    const root = await hkdf(mixed, data.slice(0, 64), "root", 32);
    if (same(await hkdf(root, album, "root check", 16), data.subarray(80, 96))) {
      return { album, root, salt: data.slice(24, 40), manifestBytes };
    }
    if (!rounds) fail("changed");
    refused = "wrong-password";
  }
}

const whole = (number) => Number.isSafeInteger(number) && number >= 0;
function checked(manifest) {
  const files = manifest.files.every(
    ({ path, salt, length, size, chunks, type }) =>
      /^d\/[0-9a-f]{32}\.bin$/.test(path) && /^[0-9a-f]{32}$/.test(salt)
      && /^[a-z]+\/[a-z0-9.+-]+$/.test(type) && [length, size, chunks].every(whole)
      && length <= size - FILE_HEADER - TAG * chunks
      && size === FILE_HEADER + stored(size - FILE_HEADER - TAG * chunks),
  );
  return manifest.format === NAME && files && Array.isArray(manifest.album.sections);
}

// An album that was opened. `manifest.album` is what its page shows; files are decrypted when
// they are asked for, chunk by chunk, and as many at once as `limit` says.
export class Album {
  #source;
  #keys;
  #salts;
  #running = 0;
  #waiting = [];

  constructor(source, keys, manifest) {
    this.#source = source;
    this.#keys = keys;
    this.manifest = manifest;
    this.#salts = new Set(manifest.files.map((file) => file.salt));
  }

  // The content of a file as a Blob. Told, while it goes on, how many bytes are there.
  async file(index, { signal, told } = {}) {
    await this.#turn(signal);
    const taker = this.#taker(index, signal);
    try {
      return await this.#file(this.manifest.files[index], taker, told);
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
      taker.end().catch(() => {});
    }
  }

  #taker(index, signal) {
    const { path, size } = this.manifest.files[index];
    return new Taker(this.#source.pieces(path, () => size, signal));
  }

  async #file(file, taker, told) {
    const header = await taker.take(FILE_HEADER);
    if (header.length < FILE_HEADER) fail("short");
    const salt = hex(header.subarray(16));
    if (!same(header.subarray(0, 16), this.#keys.album)) fail("older");
    if (salt !== file.salt) fail(this.#salts.has(salt) ? "exchanged" : "damaged");
    const made = await hkdf(this.#keys.root, unhex(salt), "file", 39);
    const filled = file.size - FILE_HEADER - TAG * file.chunks;
    const stream = decrypted(taker, filled, made.slice(0, 32), made.subarray(32), header.slice());
    // Parts of Blobs are the browser's to keep, on the disk if there are many.
    const blobs = [];
    let parts = [];
    let held = 0;
    let left = file.length;
    for await (const plain of stream) {
      const content = plain.subarray(0, left);
      left -= content.length;
      held += content.length;
      parts.push(content);
      if (held >= GATHER) {
        blobs.push(new Blob(parts));
        parts = [];
        held = 0;
      }
      told?.(file.length - left, file.length);
    }
    return new Blob([...blobs, ...parts], { type: file.type });
  }

  async #turn(signal) {
    while (this.#running >= AT_ONCE) await new Promise((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    if (signal?.aborted) {
      this.#running -= 1;
      this.#waiting.shift()?.();
      signal.throwIfAborted();
    }
  }
}

// Opens the album that *source* has. *ask* is told what to say, and gives the password.
export async function open(source, secret, ask) {
  if (!globalThis.crypto?.subtle) fail("browser");
  let size = HEADER;
  const taker = new Taker(source.pieces(ENTRY, () => size));
  try {
    const data = (await taker.take(HEADER)).slice();
    const keys = await opened(data, secret, ask);
    size = HEADER + stored(keys.manifestBytes);
    const made = await hkdf(keys.root, keys.salt, "manifest", 39);
    const parts = [];
    const key = made.slice(0, 32);
    for await (const plain of decrypted(taker, keys.manifestBytes, key, made.subarray(32), data)) {
      parts.push(plain);
    }
    const manifest = JSON.parse(new TextDecoder().decode(joined(...parts)));
    if (!checked(manifest)) fail("list");
    return new Album(source, keys, manifest);
  } catch (error) {
    const inList = ["short", "long", "damaged"].includes(error.kind);
    throw inList || !(error instanceof SealError) ? new SealError("list") : error;
  } finally {
    taker.end().catch(() => {});
  }
}
