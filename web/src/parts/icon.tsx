/** The page's few signs, drawn in one stroke. */
const PATHS = {
  search: 'M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14M16 16l4.5 4.5', close: 'M6 6l12 12M18 6L6 18', plus: 'M12 5v14M5 12h14', minus: 'M5 12h14', right: 'M9 5l7 7-7 7', down: 'M5 9l7 7 7-7', sun: 'M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  look: 'M7 11V6a1.5 1.5 0 0 1 3 0v4V4.5a1.5 1.5 0 0 1 3 0V10V5.5a1.5 1.5 0 0 1 3 0V11V8a1.5 1.5 0 0 1 3 0v6a7 7 0 0 1-7 7c-3 0-4.5-1.5-6-4l-2.5-4.5a1.5 1.5 0 0 1 2.600-1.5z', pick: 'M9 11l3 3 8-8M20 12v7a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h9', box: 'M4 4h4M10 4h4M16 4h4v4M20 10v4M20 16v4h-4M14 20h-4M8 20H4v-4M4 14v-4M4 8V4', lasso: 'M12 4c-5 0-8 2.5-8 5.5S7 15 12 15s8-2.5 8-5.5S17 4 12 4M8 14.5c-2 1-2 4 0 4s2 2 1 3',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4', moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z', frame: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5', layers: 'M12 3l9 5-9 5-9-5zM3 12.5l9 5 9-5M3 17l9 5 9-5', person: 'M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8M4 21c1-5 4-7 8-7s7 2 8 7', list: 'M4 6h16M4 12h16M4 18h16', link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1', print: 'M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z', warn: 'M12 4l9 16H3zM12 10v5M12 17.5v.5',
} as const;

export function Icon({ name, size = 16 }: { name: keyof typeof PATHS; size?: number }) {
  return <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d={PATHS[name]} /></svg>;
}
