import { whole } from '../api/client';
import { numeral } from '../format';
import { extentOf } from '../state/extent';
import { go } from '../state/route';
import { area } from '../state/session';
import { t } from '../words';

const FLAG = 'off_map';

/** Of a list, those that the map does not show, in the address of the page: the server's list has them among all others. */
export const offMapOf = (address: string): string => `${address}&${FLAG}=1`;
export const isOffMap = (address: string): boolean => new URL(address, location.origin).searchParams.has(FLAG);

/** They have no place, or one beyond the cell that the list is of. */
export async function readOffMap<R extends Record<string, unknown>>(address: string): Promise<R[]> {
  const asked = new URL(address, location.origin);
  asked.searchParams.delete(FLAG);
  const box = await extentOf(Number(asked.searchParams.get('cell') ?? area.peek()!.cell.id));
  const beyond = (lon: number, lat: number) => box !== null && (lon < box[0] || lat < box[1] || lon > box[2] || lat > box[3]);
  return (await whole<R>(asked.pathname + asked.search)).filter(({ lon, lat }) => typeof lon !== 'number' || typeof lat !== 'number' || beyond(lon, lat));
}

/** How many a layer does not show, which opens their list. */
export function OffMap({ n, list }: { n: number; list: string }) {
  const text = t('off_map', { n: numeral(n) });
  return n > 0 ? <button type="button" class="link" onClick={() => go({ records: offMapOf(list) })}>{text}</button> : <small class="soft">{text}</small>;
}
