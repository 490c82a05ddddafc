import { effect } from '@preact/signals';
import { render } from 'preact';
import './style/base.css';
import './style/frame.css';
import './style/map.css';
import './style/views.css';
import { App, fetchView } from './app';
import { viewOf } from './parts/top_bar';
import { tellInOwnWords } from './parts/validity';
import { followChanges } from './state/changes';
import { door } from './state/credential';
import { param } from './state/route';
import { enter, me } from './state/session';
import { t } from './words';

effect(() => { document.title = `${t(me.value ? viewOf(param('view')) : 'purpose')} · ${t('product')}`; });
tellInOwnWords();
render(<App />, document.getElementById('app')!);
// Opens without a network from then on; a browser allows it on HTTPS and on this machine. Only once the first view stands there, as it takes every file of the page.
const AT_REST = 3_000; // milliseconds
if (import.meta.env.PROD && 'serviceWorker' in navigator) addEventListener('load', () => setTimeout(() => {
  navigator.serviceWorker.register('/sw.js').catch(() => { /* then the page needs its network */ });
}, AT_REST));
fetchView();
followChanges();
enter().catch(() => { if (door.value === 'unknown') door.value = 'out'; });
