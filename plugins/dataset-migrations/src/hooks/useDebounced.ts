import { useEffect, useRef, useState } from 'react';

const DELAY_MS = 300;

/**
 * A text that follows typing at once and tells others when typing pauses.
 * A change from outside replaces what is typed.
 */
export function useDebounced(
  value: string,
  onSettled: (value: string) => void,
): [string, (value: string) => void] {
  const [text, setText] = useState(value);
  const settled = useRef(value);
  const latest = useRef(onSettled);
  useEffect(() => {
    latest.current = onSettled;
  });

  useEffect(() => {
    if (value !== settled.current) {
      settled.current = value;
      setText(value);
    }
  }, [value]);

  useEffect(() => {
    if (text === settled.current) {
      return undefined;
    }
    const timer = setTimeout(() => {
      settled.current = text;
      latest.current(text);
    }, DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);

  return [text, setText];
}
