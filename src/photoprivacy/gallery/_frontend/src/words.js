// What the scripts say, in the page's language: messages come with the page.
const messages = JSON.parse(document.body.dataset.words ?? "{}");
const language = document.documentElement.lang;
const rules = new Intl.PluralRules(language);
// The page's own digits, so that one number looks the same wherever it stands.
const format = new Intl.NumberFormat(language, { numberingSystem: "latn" });

export const digits = (number) => format.format(number);

export function say(key, values = {}) {
  const message = messages[key];
  const text = typeof message === "string"
    ? message
    : message[rules.select(values.n)] ?? message.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? digits(value) : value;
  });
}
