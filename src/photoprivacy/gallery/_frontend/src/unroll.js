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

export function whole(shape) {
  if (shape.type === "FeatureCollection") return { ...shape, features: shape.features.map(whole) };
  if (shape.type === "Feature") return { ...shape, geometry: whole(shape.geometry) };
  return { ...shape, coordinates: each(shape.coordinates, DEPTH[shape.type]) };
}
