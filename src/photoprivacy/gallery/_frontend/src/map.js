import * as L from "leaflet/dist/leaflet-src.esm.js";
import Supercluster from "supercluster";
import { feature, mesh } from "topojson-client";
import { whole } from "./unroll.js";
import { digits, say } from "./words.js";

// 1:50 million puts a coast wrong by kilometres: any closer and photos would stand in the sea.
const CLOSEST = 8;

async function json(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

// Labels stand right of their pin, else left of it, else not at all. Big places choose first.
function arrange(buttons) {
  const hit = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const dots = buttons.map((button) => button.firstChild.getBoundingClientRect());
  const nameOf = (button) => button.querySelector("span");
  const placed = [];
  buttons.forEach((button, i) => {
    const free = () => {
      const box = nameOf(button).getBoundingClientRect();
      return !dots.some((dot, j) => j !== i && hit(dot, box)) && !placed.some((b) => hit(b, box));
    };
    if (!free()) {
      button.classList.add("left");
      if (!free()) {
        button.classList.replace("left", "bare");
        return;
      }
    }
    placed.push(nameOf(button).getBoundingClientRect());
  });
}

// Leaflet frees a picture by showing an empty one from a data: address, which the policy forbids.
const Tiles = L.TileLayer.extend({
  _removeTile(key) {
    return L.GridLayer.prototype._removeTile.call(this, key);
  },
  _abortLoading() {
    for (const [key, { coords, el }] of Object.entries(this._tiles)) {
      if (coords.z === this._tileZoom || el.complete) continue;
      Object.assign(el, { onload: null, onerror: null });
      el.remove();
      delete this._tiles[key];
    }
  },
});

// A map server of the operator's choice: asked for nothing until somebody wants it.
function offer(map, layers, dialog) {
  const { url, host, attribution, maxZoom, referrerPolicy } = JSON.parse(dialog.dataset.tiles);
  const box = dialog.querySelector(".map-tiles");
  const button = box.querySelector("button");
  const words = box.querySelector("p");
  // Leaflet takes markup; what is said here is text.
  const plain = Object.assign(document.createElement("i"), { textContent: attribution }).innerHTML;
  const tiles = new Tiles(url, {
    attribution: plain, maxZoom, referrerPolicy, noWrap: true, className: "tiles",
  });
  const credit = L.control.attribution({ prefix: false, position: "bottomleft" });
  const label = (shown) => {
    button.textContent = say(shown ? "tiles_hide" : "tiles_show");
  };
  words.textContent = say("tiles_notice", { host });
  label(false);
  box.hidden = false;
  button.addEventListener("click", () => {
    const shown = !map.hasLayer(tiles);
    if (shown) {
      for (const [layer] of layers) layer.remove();
      credit.addTo(map);
      map.setMaxZoom(maxZoom);
      tiles.addTo(map);
    } else {
      tiles.remove();
      credit.remove();
      map.setMaxZoom(CLOSEST);
      for (const [layer] of layers) layer.addTo(map);
    }
    label(shown);
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
  L.control.zoom({
    position: document.dir === "rtl" ? "bottomleft" : "bottomright",
    zoomInTitle: say("zoom_in"),
    zoomOutTitle: say("zoom_out"),
  }).addTo(map);

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
      number.textContent = digits(count);
      const label = document.createElement("span");
      label.textContent = name;
      label.dir = "auto";
      number.setAttribute("aria-hidden", "true");
      const told = document.createElement("i");
      told.className = "quiet";
      told.textContent = say("photos", { n: count });
      button.append(number, label, " ", told);
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => {
        if (many) {
          const zoom = Math.min(map.getMaxZoom(), index.getClusterExpansionZoom(id) + 0.5);
          map.flyTo([latitude, longitude], zoom, { animate: !still, duration: 0.6 });
        } else {
          dialog.dispatchEvent(new CustomEvent("place", { detail: properties.place }));
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
  if (dialog.dataset.tiles) offer(map, layers, dialog);
}
