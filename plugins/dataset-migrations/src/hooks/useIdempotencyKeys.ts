import { useCallback, useRef } from 'react';
import { newIdempotencyKey } from '../idempotency';

/**
 * The key of a request, by its body. However often a button is clicked, one
 * visit of a form asks under one key. Another choice is another request and has
 * a key of its own: the same key with another body would be refused.
 */
export function useIdempotencyKeys(): (body: string) => string {
  const keys = useRef(new Map<string, string>());
  return useCallback(body => {
    const key = keys.current.get(body) ?? newIdempotencyKey();
    keys.current.set(body, key);
    return key;
  }, []);
}
