/**
 * What a change is about; its rule says more exactly what happened.
 *
 * @public
 */
export type ChangeKind =
  | 'field-added'
  | 'field-dropped'
  | 'field-renamed'
  /** Into a structure, out of one, or from one into another. */
  | 'field-moved'
  | 'type-changed'
  /** Same name and type, other values: an expression rewrites the field in place. */
  | 'values-changed'
  | 'required-changed'
  | 'unique-changed'
  | 'primary-key-changed'
  | 'references-changed'
  | 'enum-changed'
  | 'length-changed'
  | 'options-changed'
  | 'order-changed'
  | 'unit-changed'
  | 'description-changed'
  | 'classification-changed'
  | 'quality-changed'
  | 'service-level-changed'
  /** Of the whole object: rows that a cast fails for are not in the new version. */
  | 'rows-set-aside'
  | 'object-added'
  | 'object-dropped'
  | 'object-renamed'
  | 'object-kind-changed'
  | 'location-changed';

/**
 * How grave a change is for a reader that was written for the old version and
 * receives data of the new one (FORWARD in schema-registry terms): `breaking`,
 * when it may fail or be wrong; `risky`, when that depends on something about
 * the reader that contracts do not tell, so that people should look;
 * `compatible`, when nothing that it could rely on has changed.
 *
 * @public
 */
export type ChangeEffect = 'breaking' | 'risky' | 'compatible';
