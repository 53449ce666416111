import {
  Field,
  VerificationMismatch,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Checksum, SliceDigest } from './digests';

/** Parts whose differences are looked into; more of them say nothing new. */
const EXPLAINED = 5;

type Compared = Omit<VerificationReport, 'ok' | 'contractChecks' | 'seconds'>;

/** What a verification found so far. */
export class Findings {
  private readonly source = new Checksum();
  private readonly target = new Checksum();
  private sourceRows = 0;
  private targetRows = 0;
  private readonly differing = new Set<string>();
  private readonly mismatches: VerificationMismatch[] = [];
  private explained = 0;
  private unexplained = 0;

  addSlice(source: SliceDigest, target: SliceDigest): void {
    this.source.add(source);
    this.target.add(target);
    this.sourceRows += source.rows;
    this.targetRows += target.rows;
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
   * @param explain - finds out where; not asked when enough is known
   */
  async addDifference(
    explain: () => Promise<VerificationMismatch[]>,
    fields: Field[],
  ): Promise<void> {
    if (this.explained >= EXPLAINED) {
      this.unexplained += 1;
      fields.forEach(({ name }) => this.differing.add(name));
      return;
    }
    this.explained += 1;
    (await explain()).forEach(mismatch => this.addMismatch(mismatch));
  }

  report(fields: Field[]): Compared {
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
