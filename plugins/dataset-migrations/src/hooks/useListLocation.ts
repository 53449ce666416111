import { useCallback, useMemo } from 'react';
import { useLocation, useSearchParams } from 'react-router-dom';
import { CursorStack } from './useCursorStack';

export interface ListLocation {
  query: URLSearchParams;
  /** Sets filters (undefined or empty removes one) and goes back to the first page. */
  setFilters(filters: Record<string, string | string[] | undefined>): void;
  pages: CursorStack;
}

interface BackState {
  cursors?: Array<string | null>;
}

/**
 * Filters and page of a list in the address, so that a list can be sent to a
 * colleague and survives a reload. The cursors of the pages before, which only
 * `previous` needs, are kept in the browser's history instead.
 */
export function useListLocation(): ListLocation {
  const [query, setQuery] = useSearchParams();
  const location = useLocation();

  const setFilters = useCallback(
    (filters: Record<string, string | string[] | undefined>) => {
      setQuery(
        current => {
          const next = new URLSearchParams(current);
          next.delete('cursor');
          next.delete('page');
          for (const [name, value] of Object.entries(filters)) {
            next.delete(name);
            for (const item of [value ?? []].flat()) {
              if (item !== '') {
                next.append(name, item);
              }
            }
          }
          return next;
        },
        { replace: true },
      );
    },
    [setQuery],
  );

  const pages = useMemo<CursorStack>(() => {
    const before = (location.state as BackState | null)?.cursors ?? [];
    const cursor = query.get('cursor');
    const page = Number(query.get('page')) || 1;
    const goTo = (
      target: string | null,
      number: number,
      cursors: BackState['cursors'],
    ) => {
      const next = new URLSearchParams(query);
      next.delete('cursor');
      next.delete('page');
      if (target !== null) {
        next.set('cursor', target);
        next.set('page', String(number));
      }
      setQuery(next, { state: { cursors } });
    };
    return {
      page,
      cursor: cursor ?? undefined,
      next: target => goTo(target, page + 1, [...before, cursor]),
      previous:
        cursor !== null && before.length > 0
          ? () => goTo(before[before.length - 1], page - 1, before.slice(0, -1))
          : undefined,
      first: cursor !== null ? () => goTo(null, 1, []) : undefined,
    };
  }, [location.state, query, setQuery]);

  return { query, setFilters, pages };
}
