/** Drawing a line on the map, that snaps to vertices and sides of given shapes: terra-draw, which comes when it is first needed. */
import type { Position } from 'geojson';
import type { Map as LibreMap } from 'maplibre-gl';
import { TerraDraw, TerraDrawLineStringMode } from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';

const NEAR_VERTEX = 14, NEAR_SIDE = 10; // pixels
const DIGITS = 9; // of a degree, as terra-draw keeps them; what was snapped to is given back as it is

const rounded = (p: Position): [number, number] => [Number(p[0]!.toFixed(DIGITS)), Number(p[1]!.toFixed(DIGITS))];

interface Pixel { x: number; y: number }

/** The vertex that is near, or else the nearest point of a side that is. */
export function snapped(rings: readonly Position[][], at: Pixel, project: (lon: number, lat: number) => Pixel, unproject: (x: number, y: number) => { lng: number; lat: number }): Position | undefined {
  let vertex: Position | undefined, onSide: Position | undefined, v2 = NEAR_VERTEX ** 2, s2 = NEAR_SIDE ** 2;
  for (const ring of rings) {
    const points = ring.map(([lon, lat]) => project(lon!, lat!));
    points.forEach((p, i) => {
      const d2 = (p.x - at.x) ** 2 + (p.y - at.y) ** 2;
      if (d2 < v2) { v2 = d2; vertex = ring[i]; }
      const q = points[i + 1];
      if (!q) return;
      const l2 = (q.x - p.x) ** 2 + (q.y - p.y) ** 2, along = l2 === 0 ? 0 : Math.max(0, Math.min(1, ((at.x - p.x) * (q.x - p.x) + (at.y - p.y) * (q.y - p.y)) / l2));
      const x = p.x + along * (q.x - p.x), y = p.y + along * (q.y - p.y), e2 = (x - at.x) ** 2 + (y - at.y) ** 2;
      if (e2 < s2) { s2 = e2; const { lng, lat } = unproject(x, y); onSide = [lng, lat]; }
    });
  }
  return vertex ?? onSide;
}

export class Pen {
  private readonly draw: TerraDraw;
  private readonly exact = new Map<string, Position>();

  constructor(map: LibreMap, rings: readonly Position[][], colour: `#${string}`, onLine: (line: Position[]) => void) {
    const snap = (at: Pixel, project: (lon: number, lat: number) => Pixel, unproject: (x: number, y: number) => { lng: number; lat: number }) => {
      const found = snapped(rings, at, project, unproject);
      if (!found) return undefined;
      const kept = rounded(found);
      this.exact.set(kept.join(), found);
      return kept;
    };
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: DIGITS }),
      modes: [new TerraDrawLineStringMode({
        snapping: { toCustom: (e, context) => snap({ x: e.containerX, y: e.containerY }, context.project, context.unproject) },
        styles: { lineStringColor: colour, lineStringWidth: 3, snappingPointColor: colour, snappingPointWidth: 7, closingPointColor: colour, closingPointWidth: 6, closingPointOutlineColor: '#ffffff', closingPointOutlineWidth: 2 },
      })],
    });
    this.draw.start();
    this.draw.setMode('linestring');
    this.draw.on('finish', (id) => {
      const feature = this.draw.getSnapshotFeature(id);
      if (feature?.geometry.type === 'LineString') onLine(feature.geometry.coordinates.map((p) => this.exact.get(rounded(p).join()) ?? p));
    });
  }

  again(): void { this.draw.clear(); }
  stop(): void { this.draw.stop(); }
}
