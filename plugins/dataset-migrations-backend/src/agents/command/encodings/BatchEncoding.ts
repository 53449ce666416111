import { JsonObject } from '@backstage/types';
import { Field } from '@skein/backstage-plugin-dataset-migrations-common';

/** How the rows of a batch become the bytes of a file, and back. */
export interface BatchEncoding {
  /** Ending of the names of its files. */
  ending: string;
  /** What type a field has in the file, for programs that want to know. */
  typeName(field: Field): string;
  /** @throws InputError naming the field that it cannot hold */
  encode(rows: JsonObject[], fields: Field[]): Promise<Uint8Array>;
  /**
   * @returns rows with exactly these fields, in the spelling of `Batch`
   * @throws EncodingError for anything else
   */
  decode(bytes: Uint8Array, fields: Field[]): Promise<JsonObject[]>;
}

/** What is wrong with an output, as the end of the sentence "its program ...". */
export class EncodingError extends Error {}
