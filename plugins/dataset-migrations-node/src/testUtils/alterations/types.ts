import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';

/** A column of the tables whose content is altered. @public */
export interface AlterableField {
  name: string;
  type: FieldType;
}

/**
 * A row, with values as `evaluateExpression` writes them: numbers as decimal
 * text, dates and times in ISO 8601, bytes in hexadecimal, json as text.
 *
 * @public
 */
export type AlterableRow = Record<string, string | boolean | null>;

/** A table's content after one alteration, and what was done to it. @public */
export interface Alteration {
  what: string;
  rows: AlterableRow[];
}
