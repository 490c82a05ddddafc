/** Names of industries (GB/T 4754-2017): one table for the server and the page. */
import names from '../../../api/industries.json';

const NAMES = names as unknown as Record<string, readonly [zh: string, en: string]>;
const CODE = /^[A-T]\d{0,4}$/;

/** What is shown of an industry: the name of the longest beginning of its code that the table knows, at least its 大类, and the code; all else as it is. */
export function industryText(industry: string, chinese: boolean): string {
  for (let code = CODE.test(industry) ? industry : ''; code.length >= 3 || (code !== '' && code === industry); code = code.slice(0, -1)) {
    const name = NAMES[code];
    if (name) return `${name[chinese ? 0 : 1]} ${industry}`;
  }
  return industry;
}
