import { useState } from 'preact/hooks';
import { addressWith, go, param } from '../state/route';
import { language, theme } from '../state/preferences';
import { area, areas, holds, me, settleOpening, signOut } from '../state/session';
import { accountWord, t } from '../words';
import { Icon } from './icon';
import { Search } from './search';

export const VIEWS = ['home', 'map', 'regions', 'plans', 'assessments', 'imports', 'field'] as const;
export type ViewName = (typeof VIEWS)[number];
export const viewOf = (text: string): ViewName => VIEWS.find((v) => v === text) ?? 'home';

/** Whether a view is for who has signed in, in the area that is looked at. */
export const mayView = (name: ViewName): boolean => (name !== 'field' || holds('officer')) && (name !== 'imports' || holds('coordinator'));

/** A link within the page. */
export function Go({ to, children, ...rest }: { to: Parameters<typeof go>[0]; children: preact.ComponentChildren; class?: string; 'aria-current'?: 'page' | undefined; title?: string }) {
  return <a {...rest} href={addressWith(to)} onClick={(e) => { if (!e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); go(to); } }}>{children}</a>;
}

function Navigation() {
  const view = viewOf(param('view'));
  return (
    <nav aria-label={t('navigation')} class="views">
      {VIEWS.filter(mayView).map((name) => <Go key={name} to={{ view: name === 'home' ? null : name, records: null }} aria-current={view === name ? 'page' : undefined}>{t(name)}</Go>)}
    </nav>
  );
}

function AreaChoice() {
  if (areas.value.length === 0) return null;
  return (
    <label class="area"><span class="hidden">{t('area')}</span>
      <select value={String(area.value?.cell.id)} onChange={(e) => { const chosen = e.currentTarget.value; void settleOpening(Number(chosen)).then(() => go({ area: chosen, cell: null, day: null, from: null, records: null, extent: null })); }}>
        {areas.value.map((a) => <option key={a.cell.id} value={String(a.cell.id)}>{a.cell.name}</option>)}
      </select>
    </label>
  );
}

function Account() {
  const [open, setOpen] = useState(false);
  return (
    <div class="account" onKeyDown={(e) => { if (e.key === 'Escape') setOpen(false); }} onFocusOut={(e) => { if (!e.currentTarget.contains(e.relatedTarget as Node | null)) setOpen(false); }}>
      <button type="button" class="quiet" aria-expanded={open} aria-label={`${t('account')} ${accountWord(me.value!.display_name)}`} onClick={() => setOpen(!open)}><Icon name="person" /><span class="wide">{accountWord(me.value!.display_name)}</span></button>
      {open && (
        <div class="sheet">
          <a href="/docs">{t('contract')}</a>
          <button type="button" onClick={() => void signOut()}>{t('sign_out')}</button>
        </div>
      )}
    </div>
  );
}

export function TopBar() {
  return (
    <header>
      <Go to={{ view: null, records: null }} class="brand">{t('product')}</Go>
      <AreaChoice />
      {area.value?.district.synthetic && <strong class="synthetic">{t('synthetic')}</strong>}
      <Navigation />
      <span class="grow" />
      {area.value && <Search />}
      <button type="button" class="quiet" onClick={() => { language.value = language.value === 'zh' ? 'en' : 'zh'; }} lang={language.value === 'zh' ? 'en' : 'zh-CN'}>{t('other_language')}</button>
      <button type="button" class="quiet" title={t(theme.value === 'dark' ? 'theme_light' : 'theme_dark')} aria-label={t(theme.value === 'dark' ? 'theme_light' : 'theme_dark')}
        onClick={() => { theme.value = theme.value === 'dark' ? 'light' : 'dark'; }}><Icon name={theme.value === 'dark' ? 'sun' : 'moon'} /></button>
      <Account />
    </header>
  );
}
