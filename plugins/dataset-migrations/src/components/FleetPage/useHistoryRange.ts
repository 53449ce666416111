import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

export interface HistoryRange {
  /** In the address: `6h`. */
  id: string;
  hours: number;
  /** In full: `last 6 hours`. */
  name: string;
  /** How luxon writes a time of it. */
  format: string;
}

export const historyRanges: HistoryRange[] = [
  { id: '1h', hours: 1, name: 'last hour', format: 'HH:mm' },
  { id: '6h', hours: 6, name: 'last 6 hours', format: 'HH:mm' },
  { id: '24h', hours: 24, name: 'last 24 hours', format: 'HH:mm' },
  { id: '7d', hours: 168, name: 'last 7 days', format: 'ccc HH:mm' },
];

/** How far back the charts go, kept in the address. */
export function useHistoryRange(): {
  range: HistoryRange;
  setRange(range: HistoryRange): void;
} {
  const [query, setQuery] = useSearchParams();
  const range =
    historyRanges.find(({ id }) => id === query.get('range')) ??
    historyRanges[0];
  const setRange = useCallback(
    (next: HistoryRange) =>
      setQuery(
        current => {
          const changed = new URLSearchParams(current);
          changed.set('range', next.id);
          return changed;
        },
        { replace: true },
      ),
    [setQuery],
  );
  return { range, setRange };
}
