import { render } from 'preact';
import './style/base.css';
import './style/frame.css';
import './style/map.css';
import './style/views.css';
import { App } from './app';
import { door } from './state/credential';
import { enter } from './state/session';

render(<App />, document.getElementById('app')!);
enter().catch(() => { if (door.value === 'unknown') door.value = 'out'; });
