import {
  Field,
  VerificationMismatch,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Checksum, ChecksumBits, SliceDigest } from './digests';

/** Parts whose differences are looked into; more of them say nothing new. */
const EXPLAINED = 5;

type Totals = Omit<VerificationReport, 'ok' | 'contractChecks' | 'seconds'>;

/** A part that was compared with its slice of the source. */
export interface Compared {
  source: SliceDigest;
  target: SliceDigest;
  mismatches: VerificationMismatch[];
}

/** Where a part differs from its slice of the source. */
export interface Difference {
  /** Names of the fields that differ. */
  fields: string[];
  mismatches: VerificationMismatch[];
}

/** What a verification found so far. */
export class Findings {
  private readonly source: Checksum;
  private readonly target: Checksum;
  private sourceRows = 0;
  private targetRows = 0;
  private readonly differing = new Set<string>();
  private readonly mismatches: VerificationMismatch[] = [];
  private explained = 0;
  private unexplained = 0;

  constructor(bits: ChecksumBits) {
    this.source = new Checksum(bits);
    this.target = new Checksum(bits);
  }

  /** What a part and its slice are. */
  add({ source, target, mismatches }: Compared): void {
    this.source.add(source);
    this.target.add(target);
    this.sourceRows += source.rows;
    this.targetRows += target.rows;
    mismatches.forEach(mismatch => this.addMismatch(mismatch));
  }

  /** Something that is wrong with a part as a whole. */
  addMismatch(mismatch: VerificationMismatch): void {
    this.mismatches.push(mismatch);
    if (mismatch.column !== undefined) {
      this.differing.add(mismatch.column);
    }
  }

  /**
   * A part that differs.
   *
   * @param explain - finds out in which fields, and in which rows only as long
   *   as that is asked for
   */
  async addDifference(
    explain: (rows: boolean) => Promise<Difference>,
  ): Promise<void> {
    const rows = this.explained < EXPLAINED;
    const { fields, mismatches } = await explain(rows);
    fields.forEach(name => this.differing.add(name));
    mismatches.forEach(mismatch => this.addMismatch(mismatch));
    if (rows) {
      this.explained += 1;
    } else {
      this.unexplained += 1;
    }
  }

  report(fields: Field[]): Totals {
    const rest: VerificationMismatch[] =
      this.unexplained > 0
        ? [{ ranges: [], message: `${this.unexplained} more parts differ` }]
        : [];
    return {
      sourceRows: this.sourceRows,
      targetRows: this.targetRows,
      sourceChecksum: this.source.hex(),
      targetChecksum: this.target.hex(),
      columns: fields.map(({ name }) => ({
        name,
        ok: !this.differing.has(name),
      })),
      mismatches: [...this.mismatches, ...rest],
    };
  }
}
