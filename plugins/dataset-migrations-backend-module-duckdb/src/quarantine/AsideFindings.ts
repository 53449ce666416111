import {
  Mapping,
  SetAsideReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Checksum, ChecksumBits } from '../verification/digests';
import { AsideComparison } from './compareAside';

/** What a verification found so far of the rows that are set aside. */
export class AsideFindings {
  private readonly source: Checksum;
  private readonly kept: Checksum;
  private sourceRows = 0;
  private keptRows = 0;
  private readonly fields: Map<string, number>;

  /** @param place - the folder that they are kept in, for people */
  constructor(
    { setAside = [] }: Mapping,
    private readonly place: string,
    bits: ChecksumBits,
  ) {
    this.source = new Checksum(bits);
    this.kept = new Checksum(bits);
    this.fields = new Map(setAside.map(({ field }) => [field, 0]));
  }

  add({ source, kept, fields }: AsideComparison): void {
    this.source.add(source);
    this.kept.add(kept);
    this.sourceRows += source.rows;
    this.keptRows += kept.rows;
    for (const [name, rows] of fields) {
      this.fields.set(name, (this.fields.get(name) ?? 0) + rows);
    }
  }

  report(): SetAsideReport {
    return {
      place: this.place,
      sourceRows: this.sourceRows,
      keptRows: this.keptRows,
      sourceChecksum: this.source.hex(),
      keptChecksum: this.kept.hex(),
      fields: [...this.fields].map(([name, rows]) => ({ name, rows })),
    };
  }
}
