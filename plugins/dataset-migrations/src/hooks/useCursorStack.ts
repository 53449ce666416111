import { useState } from 'react';

export interface CursorStack {
  /** From 1. */
  page: number;
  cursor?: string;
  next(cursor: string): void;
  /** Absent on the first page. */
  previous?: () => void;
  first?: () => void;
}

/** The way back through pages whose cursors lead only forwards. */
export function useCursorStack(): CursorStack {
  const [cursors, setCursors] = useState<string[]>([]);
  const isFirst = cursors.length === 0;
  return {
    page: cursors.length + 1,
    cursor: cursors[cursors.length - 1],
    next: cursor => setCursors([...cursors, cursor]),
    previous: isFirst ? undefined : () => setCursors(cursors.slice(0, -1)),
    first: isFirst ? undefined : () => setCursors([]),
  };
}
