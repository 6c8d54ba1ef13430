// Bytes and documents that the tests send.
import { File } from "node:buffer";

const redPNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAEElEQVR42mM4IScHRww4OQD1xwwx7+oCFgAAAABJRU5ErkJggg==";
const bluePNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAEElEQVR42mOQkzsBRww4OQDl1wwx2+WqRgAAAABJRU5ErkJggg==";

/** Two images of 4 by 3 pixels with different bytes. */
export const red = Buffer.from(redPNG, "base64");
export const blue = Buffer.from(bluePNG, "base64");

export function file(content, name, type) {
  return new File([content], name, { type });
}

export const png = (content, name) => file(content, name, "image/png");

export const csv = "name,lat,lon\nMüllersee,47.5,8.25\n\"Lake, small\",46.1,7.5\n";

/** A map that holds characters which every encoding step must carry. */
export function webmap(layerItem) {
  return {
    operationalLayers: layerItem
      ? [{ id: "parks", title: "Parks & Gärten", itemId: layerItem, url: "https://example.com/rest/services/Parks/FeatureServer/0" }]
      : [],
    baseMap: { baseMapLayers: [], title: "Ünïcode + 100% \"quoted\" 地図" },
    spatialReference: { wkid: 102100, latestWkid: 3857 },
    version: "2.31",
  };
}

/** n bytes without a period shorter than 251, so that a swapped part shows. */
export function pattern(n, seed) {
  const out = Buffer.alloc(n);
  for (let i = 0; i < n; i++) out[i] = (i * 31 + seed + Math.floor(i / 251)) % 256;
  return out;
}
