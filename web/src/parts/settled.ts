import { useEffect, useState } from 'preact/hooks';

const DELAY = 200; // milliseconds after the last key

/** A text that is typed, a moment after its last key. */
export function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), DELAY);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
