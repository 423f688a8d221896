import * as L from "leaflet/dist/leaflet-src.esm.js";
import Supercluster from "supercluster";
import { feature, mesh } from "topojson-client";

// 1:50 million puts a coast wrong by kilometres: any closer and photos would stand in the sea.
const CLOSEST = 8;

async function json(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

// Rings and lines that cross the antimeridian go on beyond 180°, instead of back across the
// world. At the poles the way back is the edge of the map, and stays.
function unroll(line) {
  let turn = 0;
  const unrolled = line.map(([x, y], i) => {
    const step = i ? x - line[i - 1][0] : 0;
    if (Math.abs(step) > 180 && Math.abs(y) < 83) turn -= Math.sign(step) * 360;
    return [x + turn, y];
  });
  // Where a ring begins is arbitrary: most of it belongs on the map.
  const middle = unrolled.reduce((sum, [x]) => sum + x, 0) / unrolled.length;
  const home = Math.round(middle / 360) * 360;
  return home ? unrolled.map(([x, y]) => [x - home, y]) : unrolled;
}
const DEPTH = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 };
const each = (part, depth) =>
  depth ? part.map((inner) => each(inner, depth - 1)) : unroll(part);
function whole(shape) {
  if (shape.type === "FeatureCollection") return { ...shape, features: shape.features.map(whole) };
  if (shape.type === "Feature") return { ...shape, geometry: whole(shape.geometry) };
  return { ...shape, coordinates: each(shape.coordinates, DEPTH[shape.type]) };
}

// Labels stand right of their pin, else left of it, else not at all. Big places choose first.
function arrange(buttons) {
  const hit = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const dots = buttons.map((button) => button.firstChild.getBoundingClientRect());
  const placed = [];
  buttons.forEach((button, i) => {
    const free = () => {
      const box = button.lastChild.getBoundingClientRect();
      return !dots.some((dot, j) => j !== i && hit(dot, box)) && !placed.some((b) => hit(b, box));
    };
    if (!free()) {
      button.classList.add("left");
      if (!free()) {
        button.classList.replace("left", "bare");
        return;
      }
    }
    placed.push(button.lastChild.getBoundingClientRect());
  });
}

export async function draw(dialog, worldUrl) {
  const [world, places] = await Promise.all([json(worldUrl), json("places.json")]);
  const box = dialog.querySelector(".map-canvas");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    attributionControl: false,
    zoomControl: false,
    maxZoom: CLOSEST,
    minZoom: 0.5,
    zoomSnap: 0.25,
    preferCanvas: true,
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
    maxBounds: [[-85, -210], [85, 210]],
    maxBoundsViscosity: 0.8,
    renderer: L.canvas({ padding: 0.5 }),
  });
  L.control.zoom({ position: "bottomright" }).addTo(map);

  const layers = [
    [feature(world, world.objects.countries), { stroke: false, fillOpacity: 1 }, "land"],
    [mesh(world, world.objects.countries, (a, b) => a !== b), { weight: 1 }, "border"],
    [mesh(world, world.objects.countries, (a, b) => a === b), { weight: 0.8 }, "coast"],
    [mesh(world, world.objects.rivers), { weight: 0.8 }, "water"],
    [feature(world, world.objects.lakes), { stroke: false, fillOpacity: 1 }, "water"],
  ].map(([shape, style, name]) => [
    L.geoJSON(whole(shape), { interactive: false, style: { ...style, smoothFactor: 0.6 } }).addTo(map),
    name,
  ]);
  const paint = () => {
    const now = getComputedStyle(box);
    for (const [layer, name] of layers) {
      const color = now.getPropertyValue(`--map-${name}`).trim();
      layer.setStyle({ color, fillColor: color });
    }
  };
  paint();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);

  const points = places.features.filter((place) => place.geometry);
  const index = new Supercluster({
    radius: 72,
    maxZoom: CLOSEST - 1,
    map: ({ title, count }) => ({ title, most: count, photos: count, places: 1 }),
    reduce: (all, one) => {
      if (one.most > all.most) Object.assign(all, { title: one.title, most: one.most });
      all.photos += one.photos;
      all.places += one.places;
    },
  }).load(points);

  const pins = L.layerGroup().addTo(map);
  function refresh() {
    pins.clearLayers();
    const clusters = index.getClusters([-180, -85, 180, 85], Math.round(map.getZoom()));
    const size = ({ properties: { photos, count } }) => photos ?? count;
    clusters.sort((a, b) => size(b) - size(a));
    const buttons = [];
    for (const { geometry, properties, id } of clusters) {
      const [longitude, latitude] = geometry.coordinates;
      const many = properties.cluster;
      const count = many ? properties.photos : properties.count;
      const name = many ? `${properties.title} + ${properties.places - 1}` : properties.title;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "pin";
      const number = document.createElement("b");
      number.textContent = count;
      const label = document.createElement("span");
      label.textContent = name;
      label.dir = "auto";
      button.append(number, label);
      button.setAttribute("aria-label", `${name}, ${count} ${count === 1 ? "photo" : "photos"}`);
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => {
        if (many) {
          const zoom = Math.min(CLOSEST, index.getClusterExpansionZoom(id) + 0.5);
          map.flyTo([latitude, longitude], zoom, { animate: !still, duration: 0.6 });
        } else {
          dialog.dispatchEvent(new CustomEvent("place", { detail: properties.section }));
        }
      });
      const icon = L.divIcon({ className: "pin-anchor", html: button, iconSize: [0, 0] });
      L.marker([latitude, longitude], { icon, interactive: false, keyboard: false }).addTo(pins);
      buttons.push(button);
    }
    arrange(buttons);
  }
  map.on("zoomend", refresh);
  const bounds = L.latLngBounds(points.map(({ geometry: { coordinates: [x, y] } }) => [y, x]));
  map.fitBounds(bounds, {
    paddingTopLeft: [32, 48], paddingBottomRight: [box.clientWidth < 600 ? 72 : 120, 48], maxZoom: 5.5,
  });
  refresh();
  new ResizeObserver(() => map.invalidateSize()).observe(box);
}
