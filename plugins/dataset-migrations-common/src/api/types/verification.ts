/** A column whose digests differ, with the key ranges that hold it. @public */
export interface VerificationMismatch {
  /** The schema object, where the contract has several. */
  object?: string;
  /** Absent for a difference in the number of rows. */
  column?: string;
  /** Key or row ranges, as text: `id 1200..1299`. */
  ranges: string[];
  message: string;
}

/**
 * The rows that are not in the new version because a value of theirs cannot be
 * cast, and what was verified of them.
 * @public
 */
export interface SetAsideReport {
  /**
   * Where they are kept: `public_quarantine_v2_0_0.orders`. Of files, the folder:
   * the manifest names those in it that count.
   */
  place: string;
  /** Rows of the source that do not cast, and rows that are kept. */
  sourceRows: number;
  keptRows: number;
  /** Hex digests of both, of all old columns and the fields that failed. */
  sourceChecksum: string;
  keptChecksum: string;
  /** Rows kept for each field; a row may fail for several. */
  fields: Array<{ name: string; rows: number }>;
}

/** @public */
export interface VerificationReport {
  ok: boolean;
  /** Without the rows that are set aside. */
  sourceRows: number;
  targetRows: number;
  /**
   * Hex digests of source-through-mapping and of target; of several objects one
   * after the other.
   */
  sourceChecksum: string;
  targetChecksum: string;
  /** Rows and digests of each schema object, where the contract has several. */
  objects?: Array<
    { object: string } & Pick<
      VerificationReport,
      | 'sourceRows'
      | 'targetRows'
      | 'sourceChecksum'
      | 'targetChecksum'
      | 'setAside'
    >
  >;
  /** Per target column. */
  columns: Array<{ object?: string; name: string; ok: boolean }>;
  mismatches: VerificationMismatch[];
  /** Rules of the target contract, each with the rows that violate it. */
  contractChecks: Array<{
    object?: string;
    rule: string;
    field?: string;
    ok: boolean;
    violations: number;
  }>;
  /** Absent where no cast sets rows aside. */
  setAside?: SetAsideReport;
  seconds: number;
}
