import { FieldType } from '../contracts/types';

/** @public */
export type ChangeKind =
  | 'field-added'
  | 'field-dropped'
  | 'field-renamed'
  | 'type-changed'
  /** Same name and type, other values: an expression rewrites the field in place. */
  | 'values-changed'
  | 'required-changed'
  | 'unique-changed'
  | 'primary-key-changed'
  | 'enum-changed'
  | 'length-changed'
  | 'options-changed'
  | 'order-changed'
  | 'description-changed'
  /** Of the whole object: rows that a cast fails for are not in the new version. */
  | 'rows-set-aside'
  | 'object-renamed'
  | 'location-changed';

/**
 * What a change means for a reader that was written for the old version and
 * receives data of the new one (FORWARD in schema-registry terms).
 *
 * @public
 */
export type ChangeEffect = 'breaking' | 'compatible';

/**
 * One difference between two contracts.
 *
 * @public
 */
export interface Change {
  kind: ChangeKind;
  /**
   * Name of the schema object in the old version; absent where the contract has
   * one, and for changes of the whole dataset.
   */
  object?: string;
  /**
   * Name of the field in the old version, nested ones as `address.street`, and
   * as `airports.code` where the contract has several objects; absent for an
   * added field, and for changes of the whole object.
   */
  from?: string;
  /**
   * Name of the field in the new version; absent for a dropped field, and for
   * changes of the whole object.
   */
  to?: string;
  effect: ChangeEffect;
  /** A sentence for people: "renamed to `arrival_delay`". */
  summary: string;
  /** The types before and after, where they differ. */
  oldType?: FieldType;
  newType?: FieldType;
}
