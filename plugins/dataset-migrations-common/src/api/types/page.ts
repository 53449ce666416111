/** A page of a list; `nextCursor` is absent on the last page. @public */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
  /** Number of items over all pages, under the same filter. */
  totalItems: number;
}
