// Whether a page still looks as it did, on a machine with other fonts too: it and a kept picture are both seen from afar, as squares of one colour each.
// A line of text that stands a little elsewhere makes no difference then; a panel that is gone or a map that stays empty does.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const FOLDER = new URL('./screens/', import.meta.url);
const LET_PASS = 0.003; // of all squares; other fonts come to a third of that, headlines that are gone to three times

const addressOf = (type, base64) => `data:image/${type};base64,${base64}`;

/** In a browser: the page's picture, shrunk to one that is kept; and the share of squares in which it differs from the one that was, from all squares around the place. */
async function look({ now, kept }) {
  const KEPT = 720, SQUARES = 72, NOTICED = 26; // pixels of a kept picture's width, squares of a row, of 255
  const pictureOf = async (address) => { const image = new Image(); image.src = address; await image.decode(); return image; };
  const drawn = (image) => {
    const canvas = new OffscreenCanvas(KEPT, Math.round((KEPT * image.height) / image.width)), pen = canvas.getContext('2d', { willReadFrequently: true });
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return { canvas, pen };
  };
  const meansOf = ({ canvas, pen }) => {
    const side = canvas.width / SQUARES, rows = Math.round(canvas.height / side), { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    const means = Array.from({ length: SQUARES * rows }, () => [0, 0, 0]);
    for (let i = 0; i < data.length; i++) {
      const at = i >> 2, x = Math.floor((at % canvas.width) / side), y = Math.min(rows - 1, Math.floor(at / canvas.width / side));
      if (i % 4 < 3) means[y * SQUARES + x][i % 4] += data[i] / side ** 2;
    }
    return means;
  };
  const shrunk = drawn(await pictureOf(now));
  if (!kept) return btoa(Array.from(new Uint8Array(await (await shrunk.canvas.convertToBlob({ type: 'image/webp', quality: 0.7 })).arrayBuffer()), (b) => String.fromCharCode(b)).join(''));
  const a = meansOf(drawn(await pictureOf(kept))), b = meansOf(shrunk);
  if (a.length !== b.length) return 1;
  const around = [-1, 0, 1].flatMap((v) => [-1, 0, 1].map((u) => [u, v]));
  const noticed = a.filter((mean, i) => around.every(([u, v]) => {
    const other = (i % SQUARES) + u < 0 || (i % SQUARES) + u >= SQUARES ? undefined : b[i + v * SQUARES + u];
    return !other || Math.max(...mean.map((c, k) => Math.abs(c - other[k]))) > NOTICED;
  }));
  return noticed.length / a.length;
}

/** The page as it is when it has come to rest: two pictures of it are the same. */
async function atRest(page) {
  await page.bringToFront();
  for (let before = null, tries = 0; ; tries++) {
    const now = (await page.screenshot({ animations: 'disabled' })).toString('base64');
    if (now === before || tries > 20) return addressOf('png', now);
    before = now;
    await page.evaluate(() => new Promise((done) => setTimeout(done, 150)));
  }
}

/** Puts a style on a page; what it returns takes it off. A sheet that is adopted, as the server's policy lets no style be put in. */
export async function styled(page, css) {
  await page.evaluate((c) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(c);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, css);
  return () => page.evaluate(() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); });
}

/** Holds a page to its picture (made anew where SCREENS is `renew`), and the comparison to noticing when a part of the page is gone. `eye`: a blank page that looks. */
export async function alike(page, eye, name, parts) {
  const file = new URL(`${name}.webp`, FOLDER), shot = () => atRest(page);
  if (process.env.SCREENS === 'renew') {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, Buffer.from(await eye.evaluate(look, { now: await shot() }), 'base64'));
  }
  assert.ok(existsSync(file), `there is no picture ${name}: make it with SCREENS=renew, and look at it`);
  const unlike = async () => eye.evaluate(look, { now: await shot(), kept: addressOf('webp', readFileSync(file).toString('base64')) });
  const share = await unlike();
  assert.ok(share <= LET_PASS, `${name} looks otherwise than web/e2e/screens/${name}.webp: ${(share * 100).toFixed(2)} % of its squares`);
  for (const part of parts) {
    const back = await styled(page, `${part} { visibility: hidden !important }`), without = await unlike();
    await back();
    assert.ok(without > LET_PASS, `${name} without ${part} is noticed: ${(without * 100).toFixed(2)} %`);
  }
}
