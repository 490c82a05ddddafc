/** Colours of maps. The four official risk colours are for risk alone: burdens are plum, achievements teal. */
import type { Tendency } from '../measures';
import type { Theme } from '../state/preferences';

export const RISK = ['#d7301f', '#fd8d3c', '#fee441', '#4292c6'] as const; // 红橙黄蓝: grades 1 to 4, as the server draws them

interface Ramp { burden: readonly string[]; achievement: readonly string[]; amount: readonly string[]; ground: string; cell: string; border: string; label: string; beside: string; halo: string; hatch: string; chosen: string; hot: string; cold: string; point: string }

const LIGHT: Ramp = {
  burden: ['#eadcea', '#d3b0d2', '#b57fb4', '#8f4f8e', '#61275f'], achievement: ['#d9ebe8', '#a9d3cd', '#6fb3aa', '#368d84', '#11625a'], amount: ['#dfe5ea', '#b7c4cf', '#8a9eae', '#5d7689', '#344d60'],
  ground: '#e9edf0', cell: '#e9edf0', border: '#6b7985', label: '#1c2730', beside: '#46535e', halo: '#ffffff', hatch: '#98a4ae', chosen: '#0b3349', hot: '#6d1f5e', cold: '#0d5f6e', point: '#23455c',
};
/** Cells have the same colours in either theme, which are pale, also where nothing colours them: what is written and drawn upon them is dark then too. Only the ground and the ramps of charts follow the theme. */
const DARK: Ramp = {
  ...LIGHT, ground: '#131a20', cell: '#d3dbe1',
  burden: ['#3b2a3e', '#5c3a60', '#85508a', '#b274b5', '#dfaee0'], achievement: ['#1d3a39', '#22565a', '#2f7d7b', '#4fa8a0', '#94d6cc'], amount: ['#2a3640', '#3f5060', '#5b7083', '#8197aa', '#b4c6d5'],
};

export const paletteOf = (theme: Theme): Ramp => (theme === 'dark' ? DARK : LIGHT);
export const rampOf = (tendency: Tendency, theme: Theme): readonly string[] => {
  const p = paletteOf(theme);
  return tendency === 'risk' ? RISK : tendency === 'better' ? p.achievement : tendency === 'worse' ? p.burden : p.amount;
};

/** Zones of officers, told apart and nothing more: no colour of risk, and as good in dark as in light. */
export const ZONES = ['#8f6fb5', '#4f9d8f', '#a3845a', '#7d8fa3', '#b8739c', '#6f9a4d', '#55709e', '#9c7f86', '#3f8fa8', '#8a8a52'] as const;
