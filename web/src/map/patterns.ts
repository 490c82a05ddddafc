import type { Theme } from '../state/preferences';
import { paletteOf } from './palette';

const SIZE = 16; // pixels of the picture, half as many on the screen

function drawn(draw: (c: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE;
  const context = canvas.getContext('2d', { willReadFrequently: true })! // drawn where it is read;
  draw(context);
  return context.getImageData(0, 0, SIZE, SIZE);
}

/** Lines aslant: no data. */
export const hatch = (theme: Theme): ImageData => drawn((c) => {
  c.strokeStyle = paletteOf(theme).hatch;
  c.lineWidth = 2.4;
  for (const x of [-SIZE, 0, SIZE]) {
    c.beginPath();
    c.moveTo(x, SIZE);
    c.lineTo(x + SIZE, 0);
    c.stroke();
  }
});

/** Dots over the colour, each with a rim that stands out from dark classes too: not significantly different. */
export const dots = (theme: Theme): ImageData => drawn((c) => {
  const p = paletteOf(theme);
  for (const [x, y] of [[4, 4], [12, 12]] as const) {
    for (const [radius, colour] of [[2.7, p.halo], [1.5, p.label]] as const) {
      c.fillStyle = colour;
      c.beginPath();
      c.arc(x, y, radius, 0, 2 * Math.PI);
      c.fill();
    }
  }
});
