/** The contract's page: its frame in Chinese, or English by one click; what the contract itself says is in English. */
import 'rapidoc';

const KEY = 'gridward.language';
const WORDS = {
  zh: { title: 'Gridward 接口文档', other: 'English', home: '首页', problems: '出错时的说明', note: '接口的说明原文为英文。程序以 OpenAPI 文档为准：' },
  en: { title: 'Gridward API', other: '中文', home: 'Home', problems: 'Problems', note: 'For programs, the OpenAPI document: ' },
} as const;
type Language = keyof typeof WORDS;

let language: Language = 'zh';
try { if (localStorage.getItem(KEY) === 'en') language = 'en'; } catch { /* a browser that keeps nothing */ }

function link(href: string, text: string): HTMLAnchorElement {
  const a = document.createElement('a');
  a.href = href;
  a.textContent = text;
  return a;
}

function show(): void {
  const words = WORDS[language], head = document.querySelector('header')!, button = document.createElement('button');
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = words.title;
  const title = document.createElement('h1');
  title.textContent = words.title;
  const note = document.createElement('span');
  note.append(words.note, link('/openapi.json', 'openapi.json'));
  button.textContent = words.other;
  button.lang = language === 'zh' ? 'en' : 'zh-CN';
  button.onclick = () => {
    language = language === 'zh' ? 'en' : 'zh';
    try { localStorage.setItem(KEY, language); } catch { /* for this page then */ }
    show();
    head.querySelector('button')!.focus();
  };
  head.replaceChildren(title, note, link('/problems/invalid-argument', words.problems), link('/', words.home), button);
}

show();
