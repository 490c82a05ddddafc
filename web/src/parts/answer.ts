import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal } from '../api/client';

export interface Asked<T> { data: T | null; error: Refusal | null; busy: boolean; retry: () => void }

/** What the server answers to a question, which its key names; while a new one is under way the answer before it stays. No key: nothing is asked. */
export function useAnswer<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const [state, setState] = useState<{ key: string | null; data: T | null; error: Refusal | null; busy: boolean }>({ key: null, data: null, error: null, busy: key !== null });
  const [turn, setTurn] = useState(0);
  const question = useRef(load);
  question.current = load;
  useEffect(() => {
    if (key === null) { setState({ key, data: null, error: null, busy: false }); return; }
    const control = new AbortController();
    setState((s) => ({ ...s, busy: true, error: null }));
    question.current(control.signal).then(
      (data) => { if (!control.signal.aborted) setState({ key, data, error: null, busy: false }); },
      (e: unknown) => { if (!control.signal.aborted) setState({ key, data: null, error: e instanceof Refusal ? e : new Refusal(-1, String(e)), busy: false }); },
    );
    return () => control.abort();
  }, [key, turn]);
  return { data: state.data, error: state.error, busy: state.busy || state.key !== key, retry: () => setTurn((n) => n + 1) };
}
