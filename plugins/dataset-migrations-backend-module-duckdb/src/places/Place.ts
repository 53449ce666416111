import { Dialect } from '../formats/csvDialect';
import { Root } from '../config/readSettings';

/** The file formats that the engine reads and writes. @public */
export type FormatName = 'parquet' | 'csv' | 'ndjson';

/** What a contract's path names, below {@link Place.folder}. */
export type PlaceObject =
  | { kind: 'file'; name: string }
  | { kind: 'glob'; pattern: string[] }
  | { kind: 'folder' };

/**
 * A dataset's place on this machine: absolute, real paths. Derived from a
 * location on every call and never stored.
 */
export interface Place {
  root: Root;
  /** The folder that holds the data and, beside them, our own folder. */
  folder: string;
  object: PlaceObject;
  format: FormatName;
  /** What the contract says of the dialect of CSV files. */
  dialect: Partial<Dialect>;
  /** Where manifests, versions and runs of this dataset are kept. */
  state: string;
}
