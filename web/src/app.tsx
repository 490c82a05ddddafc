import type { ComponentType } from 'preact';
import { lazily, type Lazily } from './parts/lazily';
import { Boundary } from './parts/notice';
import { Records } from './parts/records';
import { mayView, TopBar, viewOf, type ViewName } from './parts/top_bar';
import { door } from './state/credential';
import { area, me } from './state/session';
import { param } from './state/route';
import { HomeView } from './views/home';
import { SignIn } from './views/sign_in';
import { t } from './words';

const RegionsView = lazily(() => import('./views/regions').then((m) => m.RegionsView));
const FieldView = lazily(() => import('./views/field').then((m) => m.FieldView));
const PlansView = lazily(() => import('./views/plans').then((m) => m.PlansView));
const AssessmentsView = lazily(() => import('./views/assessments').then((m) => m.AssessmentsView));
const ImportsView = lazily(() => import('./views/imports').then((m) => m.ImportsView));
const MapView = lazily(() => import('./views/map').then((m) => m.MapView));

const SCREENS: Record<ViewName, ComponentType | Lazily> = { home: HomeView, map: MapView, regions: RegionsView, plans: PlansView, assessments: AssessmentsView, imports: ImportsView, field: FieldView };

/** Fetches the code of the view that the address names while the server is asked who is there. */
export function fetchView(): void {
  const chosen = SCREENS[viewOf(param('view'))];
  if ('fetch' in chosen) chosen.fetch();
}

function View() {
  if (!area.value) return <p class="empty">{t(me.value?.grants.some((g) => g.role === 'admin') ? 'admin_only' : 'no_area_granted')}</p>;
  const view = viewOf(param('view'));
  if (!mayView(view)) return <p class="empty">{t('not_yours', { view: t(view) })}</p>;
  const Chosen = SCREENS[view];
  return <Chosen />;
}

export function App() {
  const state = door.value;
  return (
    <Boundary>
      {me.value && (
        <>
          <a class="skip" href="#main">{t('skip')}</a>
          <TopBar />
          <main id="main" tabIndex={-1}><Boundary key={param('view')}><View /></Boundary></main>
          {param('records') && <Records key={param('records')} address={param('records')} />}
        </>
      )}
      {(state === 'out' || state === 'expired') && <SignIn />}
    </Boundary>
  );
}
