import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Refusal } from '../api/client';

export interface Asked<T> { data: T | null; error: Refusal | null; busy: boolean; retry: () => void }

const AGAIN = 5_000; // milliseconds until it is asked once more what has changed

/** What the server answers to a question, which its key names; while a new one is under way the answer before it stays. No key: nothing is asked.
 * `changes` rises when the answer may have changed (`state/changes`): the same is asked again quietly, and what is shown stays until the new answer is there. */
export function useAnswer<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>, changes = 0): Asked<T> {
  const [state, setState] = useState<{ key: string | null; data: T | null; error: Refusal | null; busy: boolean }>({ key: null, data: null, error: null, busy: key !== null });
  const [turn, setTurn] = useState(0);
  const question = useRef(load), answered = useRef<string | null>(null);
  question.current = load;
  useLayoutEffect(() => { // before what the view sets up after it is drawn, such as the map, which takes long
    if (key === null) { answered.current = null; setState({ key, data: null, error: null, busy: false }); return; }
    const control = new AbortController(), quietly = answered.current === key;
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (!quietly) setState((s) => ({ ...s, busy: true, error: null }));
    question.current(control.signal).then(
      (data) => { if (!control.signal.aborted) { answered.current = key; setState({ key, data, error: null, busy: false }); } },
      (e: unknown) => {
        if (control.signal.aborted) return;
        const error = e instanceof Refusal ? e : new Refusal(-1, String(e));
        if (quietly && (error.status === 0 || error.status >= 500)) { timer = setTimeout(() => setTurn((n) => n + 1), AGAIN); return; }
        answered.current = null;
        setState({ key, data: null, error, busy: false });
      },
    );
    return () => { control.abort(); clearTimeout(timer); };
  }, [key, turn, changes]);
  return { data: state.data, error: state.error, busy: state.busy || state.key !== key, retry: () => setTurn((n) => n + 1) };
}
