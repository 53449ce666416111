import { JsonObject, JsonValue } from '@backstage/types';

/**
 * The type of a field, independent of any engine. Derived from ODCS
 * `physicalType` where it is understood, otherwise from `logicalType` and
 * `logicalTypeOptions`.
 *
 * @public
 */
export type FieldType =
  | { kind: 'boolean' }
  | { kind: 'integer'; bits: 16 | 32 | 64 }
  /** Exact decimal; without precision it is unconstrained. */
  | { kind: 'decimal'; precision?: number; scale?: number }
  | { kind: 'float'; bits: 32 | 64 }
  /** Text; `maxLength` in characters. */
  | { kind: 'string'; maxLength?: number }
  | { kind: 'date' }
  | { kind: 'time' }
  | { kind: 'timestamp'; zone: boolean }
  | { kind: 'uuid' }
  | { kind: 'bytes' }
  | { kind: 'json' }
  | { kind: 'array'; items: FieldType }
  | { kind: 'object'; fields: Field[] }
  /**
   * Not said, or spelled in a way that is not understood. Only contracts that
   * are read to be compared have such fields; no engine meets them.
   */
  | { kind: 'unknown'; spelling?: string };

/**
 * One property of a contract's schema object.
 *
 * @public
 */
export interface Field {
  /** Stable id (ODCS `id`): the same id under another name is a rename. */
  id?: string;
  name: string;
  /** Name in the store where it differs from `name` (ODCS `physicalName`). */
  physicalName?: string;
  type: FieldType;
  /** As written in the contract; kept for display. */
  logicalType?: string;
  physicalType?: string;
  required: boolean;
  unique: boolean;
  /** Position in the primary key from 1, undefined when not part of it. */
  primaryKeyPosition?: number;
  /** Value given to rows that predate the field (custom property `default`). */
  default?: JsonValue;
  /** `logicalTypeOptions`: minimum, maximum, pattern, format, ... */
  options?: JsonObject;
  /** Allowed values, from a `quality` rule or the custom property `enum`. */
  enum?: JsonValue[];
  /** `restricted` and `confidential` mask values in previews (G11). */
  classification?: string;
  description?: string;
  /** What its numbers count (custom property `unit`): `minutes`, `EUR`, ... */
  unit?: string;
  /** What its values refer to (ODCS `relationships`): `carriers.code`. */
  references?: string[];
  /** Of JSON: what the contract says is inside, of it or of each of its items. */
  properties?: Field[];
  /** Of a list: each of its items, where more is promised of it than its type. */
  items?: Field;
}

/**
 * How a rule compares the number that it measures.
 *
 * @public
 */
export interface QualityLimit {
  /** ODCS: mustBe, mustBeLessThan, mustBeBetween, ... */
  operator: string;
  /** A number, or the two ends of a range. */
  value: JsonValue;
}

/**
 * A rule of the kinds `library` and `sql` under `quality`, as the contract has
 * it. Whether it can be checked is said when a plan is made.
 *
 * @public
 */
export type QualityRule = {
  /** Where it stands: `schema[0].properties[2].quality[0]`. */
  path: string;
  /** The field that it stands under; absent for one of the whole object. */
  field?: string;
  name?: string;
  /** ODCS: `rows` or `percent`. */
  unit?: string;
  limit: QualityLimit;
} & (
  | { kind: 'library'; metric: string; arguments?: JsonObject }
  | { kind: 'sql'; query: string }
);

/**
 * A rule of the kinds `text` and `custom` under `quality`, which is for people
 * and for other tools.
 *
 * @public
 */
export interface OtherQualityRule {
  /**
   * The field that it stands under, nested ones as `address.street`; absent for
   * one of the whole object.
   */
  field?: string;
  name?: string;
  /** ODCS: `rows` or `percent`. */
  unit?: string;
  limit?: QualityLimit;
  /** What it says or how the other tool has it, as JSON. */
  content: string;
}

/**
 * One schema object of a contract: a table or a set of files.
 *
 * @public
 */
export interface SchemaObject {
  id?: string;
  name: string;
  /** Table or folder name in the store; defaults to `name`. */
  physicalName: string;
  /** All that it says in words: what it is for, what one row stands for. */
  description?: string;
  /** `table`, `view`, `topic`, `file`, ... (ODCS `physicalType`). */
  physicalType?: string;
  fields: Field[];
  /** Rules over the values of all rows; absent when there are none. */
  quality?: QualityRule[];
  /** Rules that are not checked here; absent when there are none. */
  otherQuality?: OtherQualityRule[];
}

/**
 * One of the `slaProperties` of a contract.
 *
 * @public
 */
export interface ServiceLevel {
  /** `availability`, `latency`, `retention`, ... */
  property: string;
  /** `99.9%`, `4`, `P1Y`, ... */
  value: string | number | boolean | null;
  /** Of a number: `d`, `h`, `ms`, ... */
  unit?: string;
  /** The part of the dataset that it is about. */
  element?: string;
  driver?: string;
}

/**
 * A server of a contract: where data lives, in words of ODCS. Never a host or
 * a credential that Skein would use; the operator's bindings resolve it (G11).
 *
 * @public
 */
export interface ContractServer {
  server: string;
  type: string;
  /** Everything else the contract says, e.g. `database`, `schema`, `path`, `format`. */
  properties: JsonObject;
}

/**
 * A dataset's description at one version, read from an ODCS v3 document.
 *
 * @public
 */
export interface Contract {
  id: string;
  name?: string;
  /** Semver. */
  version: string;
  /** ODCS status: proposed, draft, active, deprecated, retired. */
  status: string;
  /**
   * Its schema object, and what one run of an engine works on; the first one
   * where the contract has several.
   */
  schema: SchemaObject;
  /**
   * The other schema objects, in their order; absent where there is one. All of
   * a contract's objects have one version, and are switched together.
   */
  furtherObjects?: SchemaObject[];
  servers: ContractServer[];
  /** What is promised of the service; absent when nothing is. */
  serviceLevels?: ServiceLevel[];
  description?: string;
}

/**
 * A contract that was read to be compared, not to be migrated by: it may have no
 * schema objects at all, and fields whose types are not known.
 *
 * @public
 */
export type ComparableContract = Omit<Contract, 'schema'> & {
  schema?: SchemaObject;
};
