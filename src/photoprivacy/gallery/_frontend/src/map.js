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

export async function draw(dialog, worldUrl) {
  const [world, places] = await Promise.all([json(worldUrl), json("places.json")]);
  const box = dialog.querySelector(".map-canvas");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    attributionControl: false,
    zoomControl: false,
    maxZoom: CLOSEST,
    minZoom: 1,
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
    L.geoJSON(shape, { interactive: false, style: { ...style, smoothFactor: 0.6 } }).addTo(map),
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
    radius: 64,
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
    }
  }
  map.on("zoomend", refresh);
  const bounds = L.latLngBounds(points.map(({ geometry: { coordinates: [x, y] } }) => [y, x]));
  map.fitBounds(bounds, { paddingTopLeft: [48, 64], paddingBottomRight: [110, 48], maxZoom: 5.5 });
  refresh();
  new ResizeObserver(() => map.invalidateSize()).observe(box);
}
