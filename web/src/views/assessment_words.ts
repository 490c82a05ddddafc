import type { Schemas } from '../api/client';
import { dayText } from '../format';
import { plusDays } from '../state/days';
import { t, type Word } from '../words';

type Assessment = Schemas['Assessment'];
/** What an assessment is, in the page's words: a withdrawal is a document of its own kind. */
export const assessmentWord = (a: Assessment): string => (a.kind === 'withdrawal' ? `${t('assessment_withdrawal')} · ` : '') + t(`assessment_${a.status}` as Word);
export const periodText = (a: Assessment): string => `${dayText(a.from)} – ${dayText(plusDays(a.to, -1))}`;
