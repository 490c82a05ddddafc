// Every view in the dark theme: readable as the light one is.
import { after, before, test } from 'node:test';

import { accessible, launch, open, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const VIEWS = [['home', 'coordinator', '.cards, main'], ['map', 'leader', '.maplibregl-canvas'], ['regions', 'leader', 'main table'], ['plans', 'coordinator', 'main'], ['field', 'officer', 'main'], ['imports', 'coordinator', 'main'], ['assessments', 'coordinator', 'main']];

for (const [view, who, shown] of VIEWS) {
  test(`${view} in the dark`, async () => {
    const { page, close } = await open({ theme: 'dark' });
    await signIn(page, who, `/?view=${view}`);
    await page.locator(shown).first().waitFor();
    await page.waitForFunction(() => !document.querySelector('.waiting')); // the stream of changes keeps the network busy for good
    await picture(page, `dark_${view}`);
    await accessible(page, `${view} in the dark`);
    await close();
  });
}
