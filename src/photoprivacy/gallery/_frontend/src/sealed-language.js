// In which language the page speaks: the first of the browser's that it has, else English. Before
// anything is said: words.js looks for its messages when it is loaded.
const all = globalThis.sealedWords;
const wished = (navigator.languages ?? []).map((tag) => tag.toLowerCase().split("-")[0]);
export const language = wished.find((code) => Object.hasOwn(all, code)) ?? "en";
const { dir, messages } = all[language];
Object.assign(document.documentElement, { lang: language, dir });
document.body.dataset.words = JSON.stringify(messages);
